# Puts an uploaded file into its place, once its content is proven.
# $_part: where it was uploaded to; $_path: where it belongs; $_sha: its SHA-256; $_mode: octal, or empty for the umask's.
: "${_part:=}" "${_path:=}" "${_sha:=}" "${_mode:=}"
_hash() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"
  elif command -v shasum >/dev/null; then shasum -a 256 <"$1"
  elif command -v sha256 >/dev/null; then sha256 -q <"$1"
  else openssl dgst -sha256 -r <"$1"
  fi
}
if [ -d "$_path" ]; then
  echo "it is a folder" >&2
  rm -f "$_part"
  exit 3
fi
_got=$(_hash "$_part") || exit 5
if [ "${_got%% *}" != "$_sha" ]; then
  rm -f "$_part"
  exit 4
fi
# Without "who", chmod keeps the umask.
chmod "${_mode:-=rw}" "$_part" && mv -f "$_part" "$_path" && exit 0
_code=$?
rm -f "$_part"
exit "$_code"
