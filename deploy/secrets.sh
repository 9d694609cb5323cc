#!/bin/sh
# Makes every secret that docker-compose.yml names and that is not there yet, in deploy/secrets.
# Only the owner may enter the folder; the containers' users must be able to read the files.
set -eu
umask 077
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"

secret() { # NAME BYTES
  test -s "$folder/$1" && return
  head -c "$2" /dev/urandom | base64 | tr -d '\n=' >"$folder/$1.part"
  chmod 444 "$folder/$1.part"
  mv "$folder/$1.part" "$folder/$1"
  echo "made $folder/$1"
}

for service in onboarding catalog-shops vouchers bonus checkout; do
  secret "oidc-$service" 33
  secret "mongo-$service" 33
done
secret mongo-sequencer 33
secret mongo-root 33
secret mongo-keyfile 567
test -s "$folder/master-keys" || {
  printf '1 %s\n' "$(head -c 32 /dev/urandom | base64 | tr -d '\n')" >"$folder/master-keys.part"
  chmod 444 "$folder/master-keys.part"
  mv "$folder/master-keys.part" "$folder/master-keys"
  echo "made $folder/master-keys"
}
secret kc-bootstrap-admin-password 33
secret people-password 15
