# shellcheck shell=sh disable=SC1007,SC2015,SC2034,SC2154 # variables live across files; `a= b=` empties both
# Everything that facts are made of, as raw as it comes: parts behind lines `#TOKEN name`. The controller makes sense of it.
co_head() { echo "$co_nl#$co_token $1"; }
co_facts() {
  co_head uname
  uname -s
  uname -n
  uname -r
  uname -m
  uname -v
  co_head hostname
  hostname -f 2>/dev/null
  # One process reads all these files: PATH:LINE.
  co_head files
  grep -sH '' /etc/os-release /usr/lib/os-release /etc/debian_version /etc/redhat-release /etc/alpine-release /etc/lsb-release \
    /etc/machine-id /etc/resolv.conf /proc/meminfo /proc/cpuinfo /proc/loadavg /proc/uptime /proc/cmdline /proc/1/comm \
    /proc/1/cgroup /proc/mounts /proc/net/route /proc/net/ipv6_route /proc/net/if_inet6 /proc/sys/crypto/fips_enabled \
    /proc/modules /proc/self/status /sys/fs/selinux/enforce /sys/fs/selinux/policyvers /etc/selinux/config /sys/class/dmi/id/* \
    /sys/class/net/*/address /sys/class/net/*/mtu /sys/class/net/*/operstate /sys/class/net/*/type /sys/class/net/*/flags \
    /sys/class/net/*/speed /etc/ssh/ssh_host_*_key.pub </dev/null
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
  (unset payload; env -0 2>/dev/null || env)
  co_head there
  for co_x in apt-get dnf5 dnf yum zypper apk pacman emerge pkg opkg xbps-install rpm-ostree lsb_release systemctl rc-service initctl; do
    if command -v "$co_x" >/dev/null 2>&1; then echo "$co_x"; fi
  done
  for co_x in /.dockerenv /.dockerinit /run/.containerenv /run/systemd/system /etc/init.d /sbin/openrc /dev/kvm /proc/xen /proc/vz /proc/bc /sys/kernel/security/apparmor; do
    if [ -e "$co_x" ]; then echo "$co_x"; fi
  done
  co_head container
  if [ -r /proc/1/environ ]; then tr '\0' '\n' </proc/1/environ 2>/dev/null | grep '^container='; fi
  co_head sizes
  set --
  while read -r co_1 co_2 co_3 co_4; do
    case $co_1,$co_3 in /*,nfs* | /*,fuse.*) ;; /*) set -- "$@" "$(printf '%b' "$co_2")" ;; esac
  done </proc/mounts
  if [ $# -gt 0 ]; then stat -f -c '%S|%b|%a|%c|%d|%n' "$@" 2>/dev/null; fi
  co_head uuids
  if [ -d /dev/disk/by-uuid ]; then ls -l /dev/disk/by-uuid; fi
  co_head bits
  getconf LONG_BIT 2>/dev/null
  co_head cpus
  nproc 2>/dev/null || grep -c ^processor /proc/cpuinfo
  for co_f in "$co_facts_path"/*.fact; do
    if [ ! -f "$co_f" ]; then continue; fi
    co_head "local ${co_f##*/}"
    if [ -x "$co_f" ]; then "$co_f" 2>/dev/null </dev/null || echo "$co_nl#failed $?"; else cat "$co_f"; fi
  done
  co_head end
}
