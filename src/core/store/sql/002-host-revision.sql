-- SPDX-FileCopyrightText: Innkeeper contributors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which hosts another program wrote, without reading all of them: the revision of the last write and
-- the program run that made it.
ALTER TABLE host_facts ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE host_facts ADD COLUMN writer INTEGER NOT NULL DEFAULT 0;
CREATE INDEX host_facts_by_revision ON host_facts (revision);
