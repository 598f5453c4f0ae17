# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# pivot.sh ROOT DIRECTORY LOCK-FD N SHARE… N SOCKET… COMMAND…: in a fresh mount namespace, makes
# ROOT the root and runs COMMAND there in DIRECTORY. pivot_root and not chroot: inside a plain
# chroot the kernel refuses user namespaces, which bubblewrap and Flatpak need.
set -eu

root=$1 directory=$2 lock=$3
shift 3
shares=("${@:2:$1}")
shift $(($1 + 1))
sockets=("${@:2:$1}")
shift $(($1 + 1))

# The shared folders first, while ROOT carries no mounts: ROOT is mostly inside one of them, and a
# recursive bind would otherwise copy everything into itself.
for path in "${shares[@]}"; do
  [ -d "$root$path" ] || mkdir -p "$root$path"
  mount --rbind "$path" "$root$path"
done
for path in /proc /sys /dev; do
  mount --rbind "$path" "$root$path"
done
mount -t tmpfs -o mode=755,nosuid,nodev run "$root/run"
mkdir -p "$root/run/lock" "$root/run/user/0" "$root/run/sshd"
chmod 1777 "$root/run/lock"
chmod 700 "$root/run/user/0"
for path in "${sockets[@]}"; do
  if [ -d "$path" ]; then
    mkdir -p "$root$path"
  elif [ ! -e "$root$path" ]; then
    mkdir -p "$(dirname "$root$path")"
    : >"$root$path"
  fi
  mount --rbind "$path" "$root$path"
done
mount --rbind "$root" "$root"

cd "$root"
mkdir -p .machine
pivot_root . .machine
cd "$directory"
umount -l /.machine
exec {lock}>&-
exec "$@"
