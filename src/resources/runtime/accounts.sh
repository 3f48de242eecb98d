# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Accounts and groups: pictures, saved lines, and putting lines back.

# Sets co_v to the line of name $2 in the database file $1 (name service as a second source).
co_db_line() {
  co_v=
  if [ -r "$1" ]; then
    while IFS= read -r co_x; do
      case $co_x in
        "$2":*)
          co_v=$co_x
          return 0
          ;;
      esac
    done <"$1"
  fi
  if ! command -v getent >/dev/null 2>&1; then return 1; fi
  co_v=$(getent "${1##*/}" "$2" 2>/dev/null)
  [ -n "$co_v" ]
}
# Sets co_v to field $2 of the colon-separated line $1.
co_field() {
  co_v=$1:
  co_n=$2
  while [ "$co_n" -gt 1 ]; do
    co_v=${co_v#*:}
    co_n=$((co_n - 1))
  done
  co_v=${co_v%%:*}
}
# Supplementary groups of account $1, joined by +, and in co_group the name of group id $2.
co_groups_of() {
  co_gs= co_group=$2
  while IFS=: read -r co_1 co_2 co_3 co_4; do
    if [ "$co_3" = "$2" ]; then co_group=$co_1; fi
    case ,$co_4, in *,"$1",*) co_gs=$co_gs${co_gs:+"+"}$co_1 ;; esac
  done </etc/group
}
# Picture of account $1: user,uid,gid,comment,home,shell,mark of the password hash,expiry,groups
co_look_account() {
  if ! co_db_line /etc/passwd "$1"; then
    co_d=absent
    return 0
  fi
  co_line=$co_v co_d=user
  for co_i in 3 4 5 6 7; do
    co_field "$co_line" "$co_i"
    co_esc "$co_v"
    co_d=$co_d,$co_w
  done
  co_hash=- co_expires=-
  if [ -r /etc/shadow ] && co_db_line /etc/shadow "$1"; then
    co_line=$co_v
    co_field "$co_line" 8
    co_expires=${co_v:--}
    co_field "$co_line" 2
    # A mark that tells whether it is the same hash, and nothing else.
    co_sum "$1 $co_v"
    co_hash=$co_x
  fi
  co_x=${co_d#user,*,}
  co_groups_of "$1" "${co_x%%,*}"
  co_d=$co_d,$co_hash,$co_expires,${co_gs:--}
}
# Picture of group $1: group,gid
co_look_gid() {
  if co_db_line /etc/group "$1"; then
    co_field "$co_v" 3
    co_d=group,$co_v
  else
    co_d=absent
  fi
}
# All lines that speak of account $1, each behind the name of its file.
co_account_lines() {
  for co_i in passwd shadow; do
    if [ -r "/etc/$co_i" ] && co_db_line "/etc/$co_i" "$1"; then printf '%s %s\n' "$co_i" "$co_v"; fi
  done
  co_db_line /etc/passwd "$1"
  co_field "$co_v" 4
  co_gid=$co_v
  for co_i in group gshadow; do
    if [ ! -r "/etc/$co_i" ]; then continue; fi
    while IFS= read -r co_x; do
      co_field "$co_x" 3
      if [ "$co_i" = gshadow ]; then co_v=; fi
      case ,${co_x##*:},/$co_v in
        *,"$1",*/* | */"$co_gid") printf '%s %s\n' "$co_i" "$co_x" ;;
        *) case $co_x in "$1":*) printf '%s %s\n' "$co_i" "$co_x" ;; esac ;;
      esac
    done <"/etc/$co_i"
  done
  for co_i in subuid subgid; do
    if [ ! -r "/etc/$co_i" ]; then continue; fi
    while IFS= read -r co_x; do
      case $co_x in "$1":*) printf '%s %s\n' "$co_i" "$co_x" ;; esac
    done <"/etc/$co_i"
  done
}
# Replaces the line of name $2 in file $1 by $3, appends it, or takes it out when $3 is empty. By rename.
co_db_put() {
  co_f=${1%/*}/.${1##*/}.${co_run:-cutover}.part
  rm -f "$co_f"
  cp -p "$1" "$co_f" || return 1
  {
    co_n=
    while IFS= read -r co_x; do
      case $co_x in
        "$2":*)
          if [ -z "$co_n" ] && [ -n "$3" ]; then printf '%s\n' "$3"; fi
          co_n=1
          ;;
        *) printf '%s\n' "$co_x" ;;
      esac
    done <"$1"
    if [ -z "$co_n" ] && [ -n "$3" ]; then printf '%s\n' "$3"; fi
  } >"$co_f" && co_sync "$co_f" && mv -f "$co_f" "$1"
}
# Makes account $1 a member (of file $2, group or gshadow) of exactly the groups in the +-joined list $3.
co_db_members() {
  co_f=${2%/*}/.${2##*/}.${co_run:-cutover}.part
  rm -f "$co_f"
  cp -p "$2" "$co_f" || return 1
  while IFS= read -r co_x; do
    co_line=${co_x%:*} co_members=,${co_x##*:},
    case $co_members in
      *,"$1",*) co_members=${co_members%%",$1,"*},${co_members#*",$1,"} ;;
    esac
    case +$3+ in
      *+"${co_x%%:*}"+*) co_members=$co_members$1, ;;
    esac
    co_members=${co_members#,}
    co_members=${co_members%,}
    co_members=${co_members#,}
    case ",${co_x##*:},/+$3+" in
      # Membership stays as it is: so does the line.
      *,"$1",*/*+"${co_x%%:*}"+*) printf '%s\n' "$co_x" ;;
      *) printf '%s\n' "$co_line:$co_members" ;;
    esac
  done <"$2" >"$co_f" && co_sync "$co_f" && mv -f "$co_f" "$2"
}
