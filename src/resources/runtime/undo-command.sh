# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Undo of commands that came with their inverse.
co_look_command() { co_shown; }
co_partly_command() { return 0; }
co_back_command() { sh "$co_state/objects/$co_extra" back <"$co_state/objects/$co_obj"; }
