/* inn-xml.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-xml.h"

#include "base/inn-error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <libxml/parser.h>
#include <libxml/xpathInternals.h>
#include <string.h>

/**
 * InnXml:
 *
 * What hosts say in XML, read without trust: no network, no external entity, any size. Every string
 * that comes out is valid UTF-8.
 */
struct _InnXml
{
  xmlDocPtr doc;
  xmlXPathContextPtr xpath;
};

/* No XML_PARSE_NOENT: entities stay what they are. HUGE because hosts report 10,000 disks. */
#define PARSE_FLAGS                                                                                \
  (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE | XML_PARSE_COMPACT)

static void
be_quiet (void *data, const xmlError *error)
{
}

/**
 * inn_xml_parse:
 * @text: a document
 * @error: return location for a #GError; %INN_ERROR_INVALID
 *
 * Safe on any thread.
 *
 * Returns: (transfer full) (nullable): the document
 */
InnXml *
inn_xml_parse (const char *text, GError **error)
{
  InnXml *self;
  xmlParserCtxtPtr parser;
  xmlDocPtr doc;
  gsize size;

  g_return_val_if_fail (text != NULL, NULL);

  size = strlen (text);
  if (size > G_MAXINT)
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("The XML is too large to be read"));
      return NULL;
    }

  parser = xmlNewParserCtxt ();
  doc = xmlCtxtReadMemory (parser, text, (int) size, "host.xml", NULL, PARSE_FLAGS);
  if (doc == NULL || xmlDocGetRootElement (doc) == NULL)
    {
      const xmlError *last = xmlCtxtGetLastError (parser);
      g_autofree char *details =
          last != NULL && last->message != NULL ? g_utf8_make_valid (last->message, -1) : NULL;

      inn_error_set (error, INN_ERROR_INVALID, details != NULL ? g_strchomp (details) : NULL,
                     _ ("The XML cannot be read"));
      g_clear_pointer (&doc, xmlFreeDoc);
      xmlFreeParserCtxt (parser);
      return NULL;
    }
  xmlFreeParserCtxt (parser);

  self = g_new0 (InnXml, 1);
  self->doc = doc;
  self->xpath = xmlXPathNewContext (doc);
  /* A cast, because newer libxml2 has the const and older has not. */
  self->xpath->error = (xmlStructuredErrorFunc) be_quiet;
  xmlXPathRegisterNs (self->xpath, BAD_CAST "libosinfo",
                      BAD_CAST "http://libosinfo.org/xmlns/libvirt/domain/1.0");
  return self;
}

/**
 * inn_xml_free:
 * @self: (transfer full): a document
 */
void
inn_xml_free (InnXml *self)
{
  xmlXPathFreeContext (self->xpath);
  xmlFreeDoc (self->doc);
  g_free (self);
}

/**
 * inn_xml_get_doc:
 * @self: a document
 *
 * Returns: (transfer none): libxml2's document, to be edited in place
 */
xmlDocPtr
inn_xml_get_doc (InnXml *self)
{
  return self->doc;
}

static char *
take_xml_string (xmlChar *text)
{
  char *copy;

  if (text == NULL)
    return NULL;

  copy = g_utf8_make_valid ((const char *) text, -1);
  xmlFree (text);
  return copy;
}

static xmlXPathObjectPtr
evaluate (InnXml *self, xmlNodePtr from, const char *path)
{
  self->xpath->node = from != NULL ? from : xmlDocGetRootElement (self->doc);
  return xmlXPathEval (BAD_CAST path, self->xpath);
}

/**
 * inn_xml_string:
 * @self: a document
 * @from: (nullable): where relative paths start; the root element by default
 * @path: XPath to an element, attribute or text
 *
 * Returns: (transfer full) (nullable): the text of the first match
 */
char *
inn_xml_string (InnXml *self, xmlNodePtr from, const char *path)
{
  xmlXPathObjectPtr found = evaluate (self, from, path);
  char *text = NULL;

  if (found == NULL)
    return NULL;

  if (found->type == XPATH_STRING)
    text = g_utf8_make_valid ((const char *) found->stringval, -1);
  else if (found->type == XPATH_NODESET && !xmlXPathNodeSetIsEmpty (found->nodesetval))
    text = take_xml_string (xmlNodeGetContent (found->nodesetval->nodeTab[0]));
  xmlXPathFreeObject (found);

  return text;
}

/**
 * inn_xml_exists:
 * @self: a document
 * @from: (nullable): where relative paths start
 * @path: XPath
 *
 * Returns: whether anything matches
 */
gboolean
inn_xml_exists (InnXml *self, xmlNodePtr from, const char *path)
{
  xmlXPathObjectPtr found = evaluate (self, from, path);
  gboolean exists;

  if (found == NULL)
    return FALSE;

  exists = found->type == XPATH_NODESET && !xmlXPathNodeSetIsEmpty (found->nodesetval);
  xmlXPathFreeObject (found);
  return exists;
}

/**
 * inn_xml_nodes:
 * @self: a document
 * @from: (nullable): where relative paths start
 * @path: XPath
 *
 * Returns: (transfer container) (element-type xmlNode): all matches, in the order of the document;
 *   they belong to @self
 */
GPtrArray *
inn_xml_nodes (InnXml *self, xmlNodePtr from, const char *path)
{
  xmlXPathObjectPtr found = evaluate (self, from, path);
  GPtrArray *nodes = g_ptr_array_new ();

  if (found == NULL)
    return nodes;

  if (found->type == XPATH_NODESET && found->nodesetval != NULL)
    for (int i = 0; i < found->nodesetval->nodeNr; i++)
      g_ptr_array_add (nodes, found->nodesetval->nodeTab[i]);
  xmlXPathFreeObject (found);

  return nodes;
}

/**
 * inn_xml_attribute:
 * @node: (nullable): an element
 * @name: an attribute
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
inn_xml_attribute (xmlNodePtr node, const char *name)
{
  return node != NULL ? take_xml_string (xmlGetProp (node, BAD_CAST name)) : NULL;
}

/**
 * inn_xml_child:
 * @node: (nullable): an element
 * @name: the name of a child
 *
 * Returns: (transfer none) (nullable): the first such child; linear, for small elements
 */
xmlNodePtr
inn_xml_child (xmlNodePtr node, const char *name)
{
  if (node == NULL)
    return NULL;

  for (xmlNodePtr child = node->children; child != NULL; child = child->next)
    if (child->type == XML_ELEMENT_NODE && xmlStrEqual (child->name, BAD_CAST name))
      return child;

  return NULL;
}

/**
 * inn_xml_child_attribute:
 * @node: (nullable): an element
 * @child: the name of a child
 * @name: an attribute of it
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
inn_xml_child_attribute (xmlNodePtr node, const char *child, const char *name)
{
  return inn_xml_attribute (inn_xml_child (node, child), name);
}

/**
 * inn_xml_text:
 * @node: (nullable): an element
 *
 * Returns: (transfer full) (nullable): its text
 */
char *
inn_xml_text (xmlNodePtr node)
{
  return node != NULL ? take_xml_string (xmlNodeGetContent (node)) : NULL;
}
