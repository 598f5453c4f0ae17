/* inn-xml.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>

G_BEGIN_DECLS

/* An XML document with its XPath context. Opaque; one thread at a time. */
typedef struct _InnXml InnXml;

InnXml *inn_xml_parse (const char *text, GError **error);
void inn_xml_free (InnXml *self);
xmlDocPtr inn_xml_get_doc (InnXml *self);

char *inn_xml_string (InnXml *self, xmlNodePtr from, const char *path);
gboolean inn_xml_exists (InnXml *self, xmlNodePtr from, const char *path);
GPtrArray *inn_xml_nodes (InnXml *self, xmlNodePtr from, const char *path);

char *inn_xml_attribute (xmlNodePtr node, const char *name);
xmlNodePtr inn_xml_child (xmlNodePtr node, const char *name);
char *inn_xml_child_attribute (xmlNodePtr node, const char *child, const char *name);
char *inn_xml_text (xmlNodePtr node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnXml, inn_xml_free)

G_END_DECLS
