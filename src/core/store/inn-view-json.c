/* inn-view-json.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-view-json.h"

#include "base/inn-error.h"
#include "store/inn-store-uri.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

/* The view as a file: {"format": "innkeeper-view", "version": 1, "data_centers": [{"id", "name",
 * "demo", "clusters": [{"id", "name", "hosts": [{"id", "name", "uri", "read_only",
 * "autoconnect"}]}]}]}. Members that are not known are passed over. */

#define FORMAT "innkeeper-view"
#define VERSION 1

static void
write_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
write_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
begin_array (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
}

static void
write_hosts (JsonBuilder *builder, InnViewConfig *config, const char *cluster_id)
{
  begin_array (builder, "hosts");
  for (guint i = 0; i < config->hosts->len; i++)
    {
      const InnHostConfig *host = g_ptr_array_index (config->hosts, i);
      g_autofree char *uri = inn_store_uri_without_password (host->uri);

      if (g_strcmp0 (host->cluster_id, cluster_id) != 0)
        continue;
      json_builder_begin_object (builder);
      write_string (builder, "id", host->id);
      write_string (builder, "name", host->name);
      write_string (builder, "uri", uri);
      write_boolean (builder, "read_only", host->read_only);
      write_boolean (builder, "autoconnect", host->autoconnect);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
write_clusters (JsonBuilder *builder, InnViewConfig *config, const char *data_center_id)
{
  begin_array (builder, "clusters");
  for (guint i = 0; i < config->clusters->len; i++)
    {
      const InnGroupConfig *cluster = g_ptr_array_index (config->clusters, i);

      if (g_strcmp0 (cluster->parent_id, data_center_id) != 0)
        continue;
      json_builder_begin_object (builder);
      write_string (builder, "id", cluster->id);
      write_string (builder, "name", cluster->name);
      write_hosts (builder, config, cluster->id);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * inn_view_json_write:
 * @config: the grouping
 *
 * Returns: (transfer full): the text of a file, without secrets
 */
char *
inn_view_json_write (InnViewConfig *config)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  write_string (builder, "format", FORMAT);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, VERSION);
  begin_array (builder, "data_centers");
  for (guint i = 0; i < config->data_centers->len; i++)
    {
      const InnGroupConfig *data_center = g_ptr_array_index (config->data_centers, i);

      json_builder_begin_object (builder);
      write_string (builder, "id", data_center->id);
      write_string (builder, "name", data_center->name);
      write_boolean (builder, "demo", data_center->demo);
      write_clusters (builder, config, data_center->id);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

static gboolean
complain (GError **error, const char *details)
{
  inn_error_set (error, INN_ERROR_INVALID, details,
                 _ ("The file is no view exported by Innkeeper, or is damaged. Nothing was "
                    "changed."));
  return FALSE;
}

/* A member that must be text and not empty. */
static const char *
read_text (JsonObject *object, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                             json_node_get_value_type (node) == G_TYPE_STRING
                         ? json_node_get_string (node)
                         : NULL;
  g_autofree char *trimmed = g_strstrip (g_strdup (text != NULL ? text : ""));

  if (*trimmed != '\0' && g_utf8_validate (text, -1, NULL))
    return text;

  complain (error, name);
  return NULL;
}

/* An id is made when there is none. */
static char *
read_id (JsonObject *object, GError **error)
{
  const char *id;

  if (!json_object_has_member (object, "id"))
    return g_uuid_string_random ();

  id = read_text (object, "id", error);
  if (id == NULL)
    return NULL;
  if (!g_uuid_string_is_valid (id))
    {
      complain (error, "id");
      return NULL;
    }

  return g_ascii_strdown (id, -1);
}

static gboolean
read_boolean (JsonObject *object, const char *name, gboolean otherwise)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return otherwise;

  return json_node_get_boolean (node);
}

typedef gboolean (*ReadFunc) (InnViewConfig *config,
                              JsonObject *object,
                              const char *parent_id,
                              GError **error);

/* Each object of an array; an array that is missing is empty. */
static gboolean
read_array (InnViewConfig *config,
            JsonObject *parent,
            const char *name,
            const char *parent_id,
            ReadFunc func,
            GError **error)
{
  JsonNode *node = json_object_get_member (parent, name);
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return complain (error, name);

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (element))
        return complain (error, name);
      if (!func (config, json_node_get_object (element), parent_id, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_host (InnViewConfig *config, JsonObject *object, const char *parent_id, GError **error)
{
  g_autofree char *id = read_id (object, error);
  const char *name = id != NULL ? read_text (object, "name", error) : NULL;
  const char *given = name != NULL ? read_text (object, "uri", error) : NULL;
  g_autofree char *uri = given != NULL ? inn_store_uri_without_password (given) : NULL;
  const InnHostConfig host = {
    .id = id,
    .name = (char *) name,
    .uri = uri,
    .cluster_id = (char *) parent_id,
    .read_only = read_boolean (object, "read_only", FALSE),
    .autoconnect = read_boolean (object, "autoconnect", TRUE),
  };

  if (uri == NULL)
    return FALSE;

  inn_view_config_add_host (config, &host);
  return TRUE;
}

static gboolean
read_cluster (InnViewConfig *config, JsonObject *object, const char *parent_id, GError **error)
{
  g_autofree char *id = read_id (object, error);
  const char *name = id != NULL ? read_text (object, "name", error) : NULL;

  if (name == NULL)
    return FALSE;

  inn_view_config_add_cluster (config, id, parent_id, name);
  return read_array (config, object, "hosts", id, read_host, error);
}

static gboolean
read_data_center (InnViewConfig *config, JsonObject *object, const char *parent_id, GError **error)
{
  g_autofree char *id = read_id (object, error);
  const char *name = id != NULL ? read_text (object, "name", error) : NULL;

  if (name == NULL)
    return FALSE;

  inn_view_config_add_data_center (config, id, name, read_boolean (object, "demo", FALSE));
  return read_array (config, object, "clusters", id, read_cluster, error);
}

static gboolean
check_head (JsonObject *object, GError **error)
{
  const char *format = read_text (object, "format", error);
  JsonNode *version = json_object_get_member (object, "version");

  if (format == NULL)
    return FALSE;
  if (g_strcmp0 (format, FORMAT) != 0)
    return complain (error, "format");
  if (version == NULL || !JSON_NODE_HOLDS_VALUE (version) ||
      json_node_get_value_type (version) != G_TYPE_INT64 || json_node_get_int (version) < 1)
    return complain (error, "version");
  if (json_node_get_int (version) > VERSION)
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("The file was exported by a newer Innkeeper. Update this one, then import "
                        "it again. Nothing was changed."));
      return FALSE;
    }

  return TRUE;
}

/**
 * inn_view_json_parse:
 * @text: what is in the file
 * @length: its length in bytes
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the grouping; %NULL with %INN_ERROR_INVALID when anything in
 *   it is not as it should be
 */
InnViewConfig *
inn_view_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (InnViewConfig) config = inn_view_config_new ();
  g_autoptr (GError) failure = NULL;
  JsonNode *root;

  if (!json_parser_load_from_data (parser, text, (gssize) length, &failure))
    {
      complain (error, failure->message);
      return NULL;
    }

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      complain (error, "object");
      return NULL;
    }
  if (!check_head (json_node_get_object (root), error) ||
      !read_array (config, json_node_get_object (root), "data_centers", NULL, read_data_center,
                   error))
    return NULL;

  return g_steal_pointer (&config);
}
