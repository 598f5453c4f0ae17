-- SPDX-FileCopyrightText: Innkeeper contributors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the administrator recorded, what the hosts said last, what happened, and what was done.
-- Never edited after a release: a change is the next numbered file.

-- Counters and marks: “revision” grows with each change that other programs must see.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value
) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('revision', 0), ('config-revision', 0);

CREATE TABLE data_center (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  demo INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE cluster (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  data_center_id TEXT NOT NULL REFERENCES data_center (id),
  name TEXT NOT NULL,
  UNIQUE (data_center_id, name)
);

CREATE TABLE host (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  cluster_id TEXT NOT NULL REFERENCES cluster (id),
  name TEXT NOT NULL UNIQUE,
  uri TEXT NOT NULL,
  read_only INTEGER NOT NULL DEFAULT 0,
  autoconnect INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX host_by_cluster ON host (cluster_id);
CREATE INDEX host_by_uri ON host (uri);

CREATE TABLE host_facts (
  host_key INTEGER PRIMARY KEY REFERENCES host (key) ON DELETE CASCADE,
  last_seen INTEGER NOT NULL DEFAULT 0,
  uuid TEXT,
  hostname TEXT,
  hypervisor TEXT,
  hypervisor_version INTEGER NOT NULL DEFAULT 0,
  libvirt_version INTEGER NOT NULL DEFAULT 0,
  arch TEXT,
  cpu_model TEXT,
  cpus INTEGER NOT NULL DEFAULT 0,
  sockets INTEGER NOT NULL DEFAULT 0,
  cores INTEGER NOT NULL DEFAULT 0,
  threads INTEGER NOT NULL DEFAULT 0,
  cpu_mhz INTEGER NOT NULL DEFAULT 0,
  memory_kib INTEGER NOT NULL DEFAULT 0,
  boot_time INTEGER NOT NULL DEFAULT 0
);

-- Guests keep the order in which they were found. A cloned host may report the same guest as
-- another, so that a UUID is unique on its host only.
CREATE TABLE vm (
  key INTEGER PRIMARY KEY,
  host_key INTEGER NOT NULL REFERENCES host (key) ON DELETE CASCADE,
  uuid TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT,
  description TEXT,
  os TEXT,
  domain_id INTEGER NOT NULL DEFAULT -1,
  state INTEGER NOT NULL DEFAULT 0,
  reason INTEGER NOT NULL DEFAULT 0,
  persistent INTEGER NOT NULL DEFAULT 0,
  autostart INTEGER NOT NULL DEFAULT 0,
  managed_save INTEGER NOT NULL DEFAULT 0,
  vcpus INTEGER NOT NULL DEFAULT 0,
  max_memory_kib INTEGER NOT NULL DEFAULT 0,
  memory_kib INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL DEFAULT 0,
  addresses TEXT,
  tags TEXT,
  UNIQUE (host_key, uuid)
);

-- “writer” is a random number of the program run that wrote it, so that it knows its own.
CREATE TABLE event (
  serial INTEGER PRIMARY KEY AUTOINCREMENT,
  writer INTEGER NOT NULL,
  time INTEGER NOT NULL,
  severity INTEGER NOT NULL,
  kind TEXT NOT NULL,
  host_id TEXT,
  host_name TEXT,
  vm_uuid TEXT,
  vm_name TEXT,
  text TEXT NOT NULL
);
CREATE INDEX event_by_host ON event (host_id, serial) WHERE host_id IS NOT NULL;
CREATE INDEX event_by_vm ON event (vm_uuid, serial) WHERE vm_uuid IS NOT NULL;

-- The journal of operations. The owner is a process: its id and a mark of when it began.
CREATE TABLE operation (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  writer INTEGER NOT NULL,
  owner_pid INTEGER NOT NULL,
  owner_start TEXT NOT NULL,
  kind TEXT NOT NULL,
  object_id TEXT,
  object_name TEXT,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  progress REAL NOT NULL DEFAULT -1,
  detail TEXT,
  no_cancel_reason TEXT,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_message TEXT,
  error_details TEXT
);
CREATE INDEX operation_by_revision ON operation (revision);
CREATE INDEX operation_running ON operation (state) WHERE state = 'running';
