#!/bin/sh
# Makes .venv with Python 3.12 or later: the one given, else one of this machine, else one that uv
# downloads. An interpreter counts only when it runs: version managers leave shims that do not.
set -eu

new_enough='import sys; sys.exit(sys.version_info < (3, 12))'
advice='install Python 3.12 or later, or name one: make install PYTHON=/path/to/python'

for python in "${1:-}" python3 python3.14 python3.13 python3.12 \
    "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python; do
  if [ -n "$python" ] && "$python" -c "$new_enough" 2>/dev/null; then
    echo "Creating .venv with $("$python" -c 'import sys; print(sys.executable)')"
    "$python" -m venv --clear .venv && exit
    rm -rf .venv
    echo "This Python cannot create environments: install its venv package (python3-venv), or $advice" >&2
    exit 1
  fi
done

echo "No Python 3.12 or later was found here."
if ! command -v uv >/dev/null; then
  echo "Neither is uv, which could download one: install uv, or $advice" >&2
  exit 1
fi
echo "uv downloads one into its own folder and creates .venv with it."
uv venv --clear --managed-python --python 3.12 .venv && exit
rm -rf .venv
echo "uv could not download it: $advice. A mirror can be named in UV_PYTHON_INSTALL_MIRROR." >&2
exit 1
