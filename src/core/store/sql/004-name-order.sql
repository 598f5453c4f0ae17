-- SPDX-FileCopyrightText: Innkeeper contributors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which guests come first by name, without reading the others: a window opens with those.
CREATE INDEX vm_by_name ON vm (name_key, uuid);
