# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Everything that facts are made of, as raw as it comes: parts behind lines `#TOKEN name`. The controller makes sense of it.
co_head() { echo "$co_nl#$co_token $1"; }
# The full name: the first one with a dot that the host's own address has, else the one that it is called by first.
co_full_name() {
  command -v getent >/dev/null 2>&1 || {
    hostname -f 2>/dev/null
    return
  }
  co_names=$(getent ahosts "$(uname -n)" 2>/dev/null | {
    read -r co_address co_rest && getent hosts "$co_address" 2>/dev/null
  })
  read -r co_address co_names <<CO_NAMES
$co_names
CO_NAMES
  for co_name in $co_names; do
    case $co_name in *.*) break ;; esac
    co_name=
  done
  co_name=${co_name:-${co_names%%[ 	]*}}
  echo "${co_name:-$(uname -n)}"
}
co_facts() {
  co_head uname
  uname -s
  uname -n
  uname -r
  uname -m
  uname -v
  co_head hostname
  co_full_name
  # One process reads all these files: PATH:LINE.
  co_head files
  grep -sH '' /etc/os-release /usr/lib/os-release /etc/debian_version /etc/redhat-release /etc/alpine-release /etc/lsb-release \
    /etc/machine-id /etc/resolv.conf /proc/meminfo /proc/cpuinfo /proc/loadavg /proc/uptime /proc/cmdline /proc/1/comm \
    /proc/1/cgroup /proc/mounts /proc/net/route /proc/net/ipv6_route /proc/net/if_inet6 /proc/sys/crypto/fips_enabled \
    /proc/modules /proc/self/status /sys/fs/selinux/enforce /sys/fs/selinux/policyvers /etc/selinux/config /sys/class/dmi/id/* \
    /sys/class/net/*/address /sys/class/net/*/mtu /sys/class/net/*/operstate /sys/class/net/*/type /sys/class/net/*/flags \
    /sys/class/net/*/speed /sys/class/net/*/bridge/bridge_id /sys/class/net/*/bridge/stp_state /sys/class/net/*/bonding/* \
    /etc/ssh/ssh_host_*_key.pub /etc/iscsi/initiatorname.iscsi /etc/nvme/hostnqn /sys/class/fc_host/*/port_name </dev/null
  if co_wants hardware; then
    grep -sH '' /sys/block/*/size /sys/block/*/removable /sys/block/*/queue/rotational /sys/block/*/queue/scheduler \
      /sys/block/*/queue/logical_block_size /sys/block/*/queue/discard_granularity /sys/block/*/device/vendor \
      /sys/block/*/device/model /sys/block/*/device/sas_address /sys/block/*/device/sas_device_handle /sys/block/*/device/serial \
      /sys/block/*/device/wwid /sys/block/*/dm/name /sys/block/*/*/start /sys/block/*/*/size </dev/null
  fi
  co_head netlinks
  ls -ld /sys/class/net/*/device /sys/class/net/*/device/driver/module 2>/dev/null
  ls -d /sys/class/net/*/brif/* 2>/dev/null
  co_head addresses
  if command -v ip >/dev/null 2>&1; then ip -o addr 2>/dev/null; else ifconfig -a 2>/dev/null; fi
  co_head date
  date '+%s|%Y|%m|%d|%H|%M|%S|%Z|%z|%A|%w|%W|%N'
  co_head utc
  date -u '+%Y-%m-%dT%H:%M:%S'
  co_head user
  id -un
  id -u
  id -g
  if co_db_line /etc/passwd "$(id -un)"; then printf '%s\n' "$co_v"; fi
  co_head env
  (unset payload; eval "$co_exports"; env -0 2>/dev/null || env)
  co_head there
  for co_x in apt-get dnf5 dnf yum zypper apk pacman emerge pkg opkg xbps-install rpm-ostree lsb_release systemctl rc-service initctl; do
    if command -v "$co_x" >/dev/null 2>&1; then echo "$co_x"; fi
  done
  for co_x in /.dockerenv /.dockerinit /run/.containerenv /run/systemd/system /etc/init.d /sbin/openrc /dev/kvm /proc/xen /proc/vz /proc/bc /sys/kernel/security/apparmor; do
    if [ -e "$co_x" ]; then echo "$co_x"; fi
  done
  # In a chroot or container another program may be the first one.
  case $(readlink /sbin/init 2>/dev/null) in systemd | */systemd) echo init-systemd ;; esac
  for co_x in /lib/*/libselinux.so.1 /usr/lib/*/libselinux.so.1 /lib64/libselinux.so.1 /usr/lib64/libselinux.so.1 /usr/lib/libselinux.so.1; do
    if [ -e "$co_x" ]; then
      echo libselinux
      break
    fi
  done
  co_head container
  if [ -r /proc/1/environ ]; then tr '\0' '\n' </proc/1/environ 2>/dev/null | grep '^container='; fi
  co_head roots
  stat -c '%d:%i' / /proc/1/root/. 2>/dev/null
  if co_wants python || co_wants platform || co_wants selinux; then co_python; fi
  if co_wants hardware; then co_hardware; fi
  co_head bits
  getconf LONG_BIT 2>/dev/null
  co_head cpus
  nproc 2>/dev/null || grep -c ^processor /proc/cpuinfo
  if co_wants local; then
    for co_f in "$co_facts_path"/*.fact; do
      if [ ! -f "$co_f" ] && [ ! -L "$co_f" ]; then continue; fi
      co_head "local ${co_f##*/}"
      if [ ! -e "$co_f" ]; then
        echo '#gone'
      elif [ -x "$co_f" ]; then
        { co_x=$( (eval "$co_exports"; "$co_f" </dev/null 2>&1 >&3 3>&-)) || echo "$co_nl#failed $?$co_nl$co_x"; } 3>&1
      else
        cat "$co_f" 2>/dev/null || echo "$co_nl#unreadable"
      fi
    done
  fi
  co_head end
}
# Whether a kind of facts was asked for.
co_wants() { case " $co_kinds " in *" $1 "*) return 0 ;; esac; return 1; }
# Runs what can hang on a dead disk or share, as long as gather_timeout allows.
co_limited() { if command -v timeout >/dev/null 2>&1; then timeout "$co_facts_timeout" "$@"; else "$@"; fi; }
# Nothing here needs Python; playbooks ask whether it is there.
co_python() {
  co_head python
  for co_x in /usr/bin/python3 /usr/libexec/platform-python /usr/local/bin/python3 "$(command -v python3)" /usr/bin/python; do
    if [ ! -x "$co_x" ]; then continue; fi
    echo "$co_x"
    "$co_x" -S -E -c 'import sys; print("%d %d %d %s %d" % tuple(sys.version_info)); print(getattr(getattr(sys, "implementation", None), "name", "cpython")); import _ssl; print(hasattr(_ssl, "_SSLContext"))' 2>/dev/null </dev/null
    break
  done
}
co_hardware() {
  co_head holders
  ls -d /sys/block/*/holders/* /sys/block/*/*/holders/* /sys/block/*/slaves/* 2>/dev/null
  for co_x in id:ids uuid:uuids label:labels; do
    co_head "${co_x#*:}"
    if [ -d "/dev/disk/by-${co_x%%:*}" ]; then ls -l "/dev/disk/by-${co_x%%:*}"; fi
  done
  if command -v vgs >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    co_head vgs
    co_limited vgs --noheadings --nosuffix --units g --separator , -o vg_name,pv_count,lv_count,vg_size,vg_free 2>/dev/null </dev/null
    co_head lvs
    co_limited lvs --noheadings --nosuffix --units g --separator , -o lv_name,vg_name,lv_size 2>/dev/null </dev/null
    co_head pvs
    co_limited pvs --noheadings --nosuffix --units g --separator , -o pv_name,vg_name,pv_size,pv_free 2>/dev/null </dev/null
  fi
  co_head sizes
  set --
  while read -r co_1 co_2 co_3 co_4; do
    case $co_1,$co_3 in /*,nfs* | /*,fuse.*) ;; /*) set -- "$@" "$(printf '%b' "$co_2")" ;; esac
  done </proc/mounts
  if [ $# -gt 0 ]; then co_limited stat -f -c '%S|%b|%a|%c|%d|%n' "$@" 2>/dev/null; fi
}
