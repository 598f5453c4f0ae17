#!/bin/bash
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Where the build lives, an unprivileged user namespace can be made: bubblewrap and Flatpak need
# it, and inside a plain chroot the kernel refuses it.
set -eu

if [ ! -e /etc/innkeeper-root ]; then
  echo "this is not a root made by ./dev"
  exit 77
fi
unshare -Ur true
bwrap --ro-bind / / --tmpfs /tmp true
# The machine's own system is out of reach.
[ -z "$(ls -A /.machine)" ]
