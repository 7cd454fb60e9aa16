"""Acts of a work order over REST, and a photo for it."""

from ivr.orders.life_cycle import OrderAct
from ivr.people.rights import Act
from testkit.hotline.desk_client import DeskAnswer, DeskClient


def act(client: DeskClient, act: OrderAct, order: str = "", **fields: object) -> DeskAnswer:
    return client.api("POST", f"/acts/{Act.ORDER}", {"order": order, "act": act, "fields": fields})


JPEG = b"\xff\xd8\xff\xe0" + bytes(3000)
