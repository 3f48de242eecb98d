/**
 * $1 the keystore, $2 its kind or nothing, $3 present or absent, $4 the alias, $5 the certificate, $6 the server or $7 the PKCS12
 * keystore, $8 the alias in that, $9 `create` when the keystore may be made, ${10} `trust`, ${11} keytool. Standard input: a line with
 * the password of the keystore and one with that of the other. Prints `same`, or `other` and `there` or `missing` for what the alias was
 * before, and then the keystore as it shall be. Passwords are in the environment of keytool, never among its arguments.
 */
export const REHEARSE = `
store=$1 kind=$2 state=$3 alias=$4 certificate=$5 server=$6 from=$7 from_alias=$8 create=$9 trust=\${10} keytool=\${11}
IFS= read -r CUTOVER_STORE
IFS= read -r CUTOVER_FROM
export CUTOVER_STORE CUTOVER_FROM
command -v "$keytool" >/dev/null || { echo "there is no program $keytool on the target" >&2; exit 127; }
if [ ! -f "$store" ] && { [ "$state" = absent ] || [ -z "$create" ]; }; then
  echo "Module require existing keystore at keystore_path '$store'" >&2
  exit 3
fi
umask 077
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
copy=$folder/store
tool() { "$keytool" "$@" >"$folder/said" 2>&1; }
own() {
  verb=$1
  shift
  tool "-$verb" -keystore "$copy" -storepass:env CUTOVER_STORE \${kind:+-storetype "$kind"} "$@"
}
must() { "$@" || { grep -v '^Warning:$' "$folder/said" >&2; exit 1; }; }
pem() { sed -n '/-BEGIN CERT/,/-END CERT/p' "$folder/said" | awk '{ print } /-END CERT/ { exit }'; }
was=missing
if [ -f "$store" ]; then
  cat "$store" >"$copy" || exit
  must own list
  if own list -alias "$alias"; then was=there; fi
fi
if [ "$state" = absent ]; then
  if [ $was = missing ]; then echo same; exit; fi
  must own delete -alias "$alias"
else
  if [ -n "$from" ]; then
    must tool -exportcert -rfc -keystore "$from" -storetype pkcs12 -storepass:env CUTOVER_FROM -alias "$from_alias"
  elif [ -n "$server" ]; then must tool -printcert -rfc -sslserver "$server"
  else must tool -printcert -rfc -file "$certificate"
  fi
  pem >"$folder/wanted"
  if [ $was = there ]; then
    must own exportcert -rfc -alias "$alias"
    if [ "$(pem)" = "$(cat "$folder/wanted")" ]; then echo same; exit; fi
    must own delete -alias "$alias"
  fi
  if [ -n "$from" ]; then
    must tool -importkeystore -noprompt -srckeystore "$from" -srcstoretype pkcs12 -srcstorepass:env CUTOVER_FROM \\
      -srcalias "$from_alias" -destkeystore "$copy" -deststorepass:env CUTOVER_STORE \${kind:+-deststoretype "$kind"} \\
      -destalias "$alias"
  else must own importcert -noprompt -file "$folder/wanted" -alias "$alias" \${trust:+-trustcacerts}
  fi
fi
echo "other $was"
cat "$copy"
`;
