# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Acts on files, folders and links.

# Writes a file: co_c prints the content (empty: none), co_h its hash, co_v checks it, co_unsafe allows writing in place.
co_write() {
  co_tmp= co_open=
  co_expect || return 1
  co_in_folder || co_fail || return 1
  co_part "$co_p"
  rm -rf "$co_tmp"
  if [ -n "${co_unsafe:-}" ]; then co_part_apart "$co_p"; fi
  co_ahead || co_fail || return 1
  case $co_before in
    file,*) co_like_old "$co_p" "$co_tmp" || co_fail || return 1 ;;
    *)
      if [ -n "${co_m:-}" ]; then umask 077; fi
      : >"$co_tmp" || co_fail || return 1
      umask "$co_um"
      # As with Ansible, whose files come from elsewhere, the group of such a folder is for what programs make in it.
      if [ -g "${co_p%/*}" ]; then chgrp "$(id -g)" "$co_tmp" || co_fail || return 1; fi
      if [ -n "${co_label:-}" ]; then restorecon "$co_tmp" 2>/dev/null; fi
      ;;
  esac
  if [ -n "$co_c" ]; then
    eval "$co_c" >"$co_tmp" || co_fail "cannot write $co_tmp" || return 1
  else
    : >"$co_tmp"
  fi
  co_own "$co_tmp" || co_fail || return 1
  co_look "$co_tmp"
  if [ "${co_d##*,}" != "$co_h" ] && [ "${co_d##*,}" != ! ]; then
    co_fail "$co_p: what arrived has the hash ${co_d##*,} instead of $co_h"
    return 1
  fi
  if [ -n "${co_v:-}" ]; then
    co_x=$(eval "$co_v" 2>&1 </dev/null) || co_fail "failed to validate: rc:$? error:$co_x" || return 1
  fi
  co_sync "$co_j" "$co_tmp" ${co_dirs:+"$co_dirs"}
  if [ "${co_before%%,*}" = directory ]; then rmdir "$co_p" || co_fail || return 1; fi
  if [ -n "${co_unsafe:-}" ]; then
    co_move "$co_tmp" "$co_p" 2>/dev/null || { cat "$co_tmp" >"$co_p" && co_own "$co_p" && rm -f "$co_tmp"; } || co_fail || return 1
  else
    co_move "$co_tmp" "$co_p" || co_fail || return 1
  fi
  co_done
}
# Changes mode and owner in place.
co_attributes() {
  co_tmp= co_open=
  co_expect || return 1
  co_ahead_light || co_fail || return 1
  co_sync "$co_j"
  co_own "$co_p" || co_fail || return 1
  co_done
}
# The content stays, so there is no object to keep.
co_ahead_light() {
  co_obj=
  co_B && co_open=1
}
# Makes a folder with its missing parents; the whole chain appears at once.
co_folder() {
  co_tmp= co_open=
  co_expect || return 1
  co_top=$co_p co_below=
  while co_x=${co_top%/*} && [ -n "$co_x" ] && [ ! -e "$co_x" ] && [ ! -L "$co_x" ]; do
    co_below=/${co_top##*/}$co_below
    co_top=$co_x
  done
  co_part "$co_top"
  rm -rf "$co_tmp"
  co_esc "$co_top"
  co_extra=$co_w
  co_ahead || co_fail || return 1
  mkdir "$co_tmp" && mkdir -p "$co_tmp$co_below" || co_fail || return 1
  if [ -n "${co_o:-}" ]; then chown -R "$co_o" "$co_tmp" || co_fail || return 1; fi
  if [ -n "${co_m:-}" ]; then
    # From below, because a mode without x or w would shut us out.
    co_x=$co_below
    while chmod "0$co_m" "$co_tmp$co_x" && [ -n "$co_x" ]; do co_x=${co_x%/*}; done || co_fail || return 1
  fi
  co_sync "$co_j"
  case $co_before in
    absent) ;;
    *) rm -f "$co_p" || co_fail || return 1 ;;
  esac
  co_move "$co_tmp" "$co_top" || co_fail || return 1
  co_extra=
  co_done
}
# Makes a symbolic (co_l the text) or hard link (co_hard the other name).
co_link() {
  co_tmp= co_open=
  co_expect || return 1
  co_in_folder || co_fail || return 1
  co_part "$co_p"
  rm -rf "$co_tmp"
  co_ahead || co_fail || return 1
  if [ -n "${co_hard:-}" ]; then
    ln "$co_hard" "$co_tmp" && co_own "$co_tmp" || co_fail || return 1
  else
    ln -s -- "$co_to" "$co_tmp" && co_own "$co_tmp" || co_fail || return 1
  fi
  co_sync "$co_j"
  if [ "${co_before%%,*}" = directory ]; then rmdir "$co_p" || co_fail || return 1; fi
  co_move "$co_tmp" "$co_p" || co_fail || return 1
  co_done
}
# Removes a file, link or empty folder.
co_remove() {
  co_tmp= co_open=
  co_expect || return 1
  case $co_before in directory,*)
    co_e=$co_before co_digest='*'
    co_remove_tree
    return
    ;;
  esac
  co_ahead || co_fail || return 1
  co_sync "$co_j"
  rm -f "$co_p" || co_fail || return 1
  co_done
}
# Removes a folder with everything below (co_digest: what it must hold). It is gone at once, by a rename.
co_remove_tree() {
  co_tmp= co_open= co_flags=tree
  co_expect || return 1
  co_keep_out co_tree_lines "$co_p" || { co_flags=; co_fail; return 1; }
  if ! co_like "$co_w" "$co_digest"; then co_flags=; co_say stale "tree,$co_w"; return 1; fi
  co_before=tree,$co_w,$co_before
  co_keep_out co_tar "$co_p" || { co_flags=; co_fail "cannot keep $co_p"; return 1; }
  co_obj=$co_w
  co_B && co_open=1 || co_fail || return 1
  co_flags=
  co_sync "$co_j"
  co_part "$co_p"
  rm -rf "$co_tmp"
  mv -f "$co_p" "$co_tmp" 2>/dev/null || co_tmp=$co_p
  rm -rf "$co_tmp" || { co_tmp=; co_fail; return 1; }
  co_done
}
# Sets times (co_mt, co_at: seconds, keep or now); makes an empty file of nothing.
co_touch_file() {
  co_tmp= co_open= co_flags=touch
  co_expect || { co_flags=; return 1; }
  co_in_folder || co_fail || return 1
  co_ahead_light || co_fail || return 1
  co_sync "$co_j"
  if [ "$co_before" = absent ]; then : >>"$co_p" || co_fail || return 1; fi
  if ! co_own "$co_p"; then
    if [ "$co_before" = absent ]; then rm -f "$co_p"; fi
    co_fail
    return 1
  fi
  # Both at once may be set to now by whoever may write the file, one of them only by its owner.
  case $co_mt-$co_at in
    now-now) touch "$co_p" || co_fail || return 1 ;;
    *)
      case $co_mt in keep) ;; now) touch -m "$co_p" ;; *) co_touch "$co_p" "$co_mt" ;; esac || co_fail || return 1
      case $co_at in keep) ;; now) touch -a "$co_p" ;; *) co_access ;; esac || co_fail || return 1
      ;;
  esac
  co_flags=
  co_done || return 1
  # The last look has read the file, and so moved the time of access.
  case $co_at in keep | now) ;; *) co_access || : ;; esac
}
co_access() { touch -c -a -d "@$co_at" "$co_p" 2>/dev/null || touch -c -a -d "@${co_at%%.*}" "$co_p"; }
