"""A cluster.yaml without a problem."""

GOOD = """\
database: postgresql://hotline@192.0.2.20/hotline
recordings: /srv/hotline-files
front: {address: 192.0.2.9, machines: [192.0.2.7, 192.0.2.8]}
nodes:
  east: {address: 192.0.2.11, calls: 300}
  west: {address: "192.0.2.12:5070", calls: 200}
"""
