# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Summary: a shell, or one command, where the build lives
#
# Usage: ./dev shell [COMMAND [ARGUMENT…]]
# Stays in the current folder when that is inside the source tree, the home folder or /tmp.

main ()
{
  if [ $# -gt 0 ]; then
    exec "$@"
  fi
  exec bash
}
