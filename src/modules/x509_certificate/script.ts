/**
 * Makes a certificate, behind `rehearsal`: $1 the provider, $2 the request or nothing, $3 its text, $4 certificate of the
 * authority or nothing, $5 its text, $6 digest, $7 and $8 the times, $9 what becomes of the identifier of the key, ${10}
 * `authority` for that of the authority, ${11} `times` when they count. Two certificates are the same when they say the same but
 * for number, times and signature, and the present one was signed by the same key.
 */
export const SIGN = `
provider=$1
if [ -n "$2" ]; then
  [ -e "$2" ] || { echo "The certificate signing request file $2 does not exist" >&2; exit 1; }
  cat "$2" >"$folder/request"
elif [ -n "$3" ]; then printf '%s\\n' "$3" >"$folder/request"
else
  printf '[req]\\nprompt = no\\ndistinguished_name = none\\n[none]\\n' >"$folder/empty"
  run req -new -config "$folder/empty" -subj / -key "$key" -passin env:CUTOVER_PASSPHRASE -out "$folder/request"
fi
if [ "$provider" = ownca ]; then
  if [ -n "$4" ]; then
    [ -e "$4" ] || { echo "The CA certificate file $4 does not exist" >&2; exit 1; }
    cat "$4" >"$folder/authority"
  else printf '%s\\n' "$5" >"$folder/authority"
  fi
fi
{
  printf '[ca]\\ndefault_ca = own\\n[own]\\ndatabase = %s\\nnew_certs_dir = %s\\n' "$folder/index" "$folder"
  printf 'rand_serial = yes\\nunique_subject = no\\nemail_in_dn = yes\\npolicy = any\\n'
  printf 'copy_extensions = copy\\nx509_extensions = more\\ndefault_md = %s\\n' "$6"
  printf '[any]\\ncommonName = optional\\n[more]\\n'
  brings=
  if openssl req -in "$folder/request" -noout -text 2>/dev/null | grep -q 'Subject Key Identifier'; then brings=yes; fi
  # From OpenSSL 3 on identifiers are made unless one says none; before that nobody knew the word.
  none=
  case $(openssl version) in 'OpenSSL 1'* | LibreSSL*) ;; *) none=yes ;; esac
  case $9-$brings in
    always_create-* | create_if_not_provided-) echo 'subjectKeyIdentifier = hash' ;;
    never_create-) [ -z "$none" ] || echo 'subjectKeyIdentifier = none' ;;
  esac
  if [ "$provider\${10}" = owncaauthority ]; then echo 'authorityKeyIdentifier = keyid'
  elif [ -n "$none" ]; then echo 'authorityKeyIdentifier = none'
  fi
} >"$folder/config"
: >"$folder/index"
if [ "$provider" = ownca ]; then set -- "$@" -cert "$folder/authority"; else set -- "$@" -selfsign; fi
from=$7 to=$8 times=\${11}
shift 11
run ca -batch -notext -preserveDN -config "$folder/config" -in "$folder/request" -out "$folder/made" -startdate "$from" -enddate "$to" \\
  -keyfile "$key" -passin env:CUTOVER_PASSPHRASE "$@"
shown() {
  openssl x509 -in "$1" -noout -text 2>/dev/null | if [ -n "$times" ]; then cat; else sed '/^ *Not \\(Before\\|After\\) *:/d'; fi |
    sed -e '/^ *Serial Number/,/^ *Signature Algorithm/d' -e '/^ *Signature Algorithm/d' -e '/^ *Signature Value/,$d'
}
signed() {
  if [ "$provider" = ownca ]; then cp "$folder/authority" "$folder/trusted"; else cp "$path" "$folder/trusted"; fi
  openssl verify -no_check_time -partial_chain -CAfile "$folder/trusted" "$path" >/dev/null 2>&1
}
if [ -f "$path" ] && [ "$(shown "$path")" = "$(shown "$folder/made")" ] && signed; then echo same; else echo other; fi
cat "$folder/made"
`;
