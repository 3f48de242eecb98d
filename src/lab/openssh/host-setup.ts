/**
 * Turns a fresh set of mount, pid and uts namespaces into a practice host, and becomes its sshd.
 *
 * Parameters come in the environment: HOST_NAME, HOST_DIR (the host's folder in the lab), ADDRESS, ROOTFS
 * (`overlay`, or `binds` where overlays cannot be stacked), SIZE of the host's disk, VISIBLE (paths that the host
 * must see, one a line), KEEP_PYTHON, SSHD, SEARCH (the controller's PATH). All mounts are private: they go when the
 * last process of the host goes.
 */
export const hostSetup = `#!/bin/sh
set -eu
umask 022

# The pid as the controller knows it, while the controller's /proc is still there.
read -r pid _ </proc/self/stat
echo "$pid" >"$HOST_DIR/pid"

mount --make-rprivate /
scratch=$HOST_DIR/scratch
root=$scratch/root
mkdir -p "$scratch"
# An upper layer must not lie inside its own lower layer: the disk of the host is memory.
mount -t tmpfs -o "size=$SIZE,mode=755" tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$root"

overlay_root() {
  [ "$ROOTFS" = overlay ] || return 1
  mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$root"
}

# Everything read-only, and copies or empty folders where a host writes.
bind_root() {
  mount --bind / "$root"
  mount -o remount,bind,ro "$root"
  for name in etc opt srv var; do
    [ -d "/$name" ] || continue
    mkdir "$scratch/upper/$name"
    mount --bind "$scratch/upper/$name" "$root/$name"
  done
  cp -a /etc/. "$root/etc/"
  mkdir -p "$root/var/lib" "$root/var/log" "$root/var/cache" "$root/var/spool"
  mkdir -m 1777 "$root/var/tmp"
}

overlay_root || bind_root
if [ -d "$HOST_DIR/seed" ]; then
  cp -a "$HOST_DIR"/seed/* "$root/"
  rm -rf "$HOST_DIR/seed"
fi

mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/home"
mount -t tmpfs -o mode=700 tmpfs "$root/root"
mkdir -p "$root/run/sshd" "$root/run/lock"
printf '%s\\n' "$VISIBLE" | while IFS= read -r path; do
  [ -n "$path" ] || continue
  if [ -d "$path" ]; then
    mkdir -p "$root$path"
  else
    mkdir -p "$root\${path%/*}"
    [ -e "$root$path" ] || : >"$root$path"
  fi
  mount --bind "$path" "$root$path"
done

mkdir "$root/run/.controller"
cd "$root"
pivot_root . run/.controller
cd /
umount -l /run/.controller
rmdir /run/.controller

echo "$HOST_NAME" >/proc/sys/kernel/hostname
echo "$HOST_NAME" >/etc/hostname
printf '127.0.0.1 localhost\\n%s %s\\n' "$ADDRESS" "$HOST_NAME" >/etc/hosts
rm -rf /var/lib/cutover

id deploy >/dev/null 2>&1 || useradd --no-create-home --home-dir /home/deploy --shell /bin/sh deploy
mkdir -p /home/deploy
chmod 700 /home/deploy
chown deploy: /home/deploy
# A star takes no password; sshd without PAM treats the usual "!" as a locked account.
usermod -p '*' root
usermod -p '*' deploy
if [ -s "$HOST_DIR/passwords" ]; then
  chpasswd <"$HOST_DIR/passwords"
  rm "$HOST_DIR/passwords"
fi
if [ -d /etc/sudoers.d ]; then
  echo "deploy ALL=(ALL:ALL) $SUDO_RULE" >/etc/sudoers.d/cutover-lab
  chmod 440 /etc/sudoers.d/cutover-lab
fi

if [ "$KEEP_PYTHON" != yes ]; then
  printf '%s\\n' "$SEARCH" | tr : '\\n' | while IFS= read -r folder; do
    for file in "$folder"/python* "$folder"/pypy*; do
      [ -f "$file" ] || continue
      rm -f "$file" 2>/dev/null || mount --bind /dev/null "$file"
    done
  done
fi

unset SEARCH VISIBLE
exec "$SSHD" -D -e -f "$HOST_DIR/sshd_config"
`;
