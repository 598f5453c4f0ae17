/* inn-vm.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-vm-private.h"

#include "model/inn-host-private.h"

#include <string.h>

/**
 * InnVm:
 *
 * A guest as it was last seen on its host. A guest that migrates stays this object and changes its
 * host. Facts arrive as whole [struct@VmInfo] and [struct@VmSample] and only what differs is
 * notified. Main thread only.
 */

enum
{
  PROP_0,
  PROP_UUID,
  PROP_NAME,
  PROP_TITLE,
  PROP_DESCRIPTION,
  PROP_OS,
  PROP_HOST,
  PROP_STATE,
  PROP_PERSISTENT,
  PROP_AUTOSTART,
  PROP_MANAGED_SAVE,
  PROP_VCPUS,
  PROP_MEMORY_KIB,
  PROP_MAX_MEMORY_KIB,
  PROP_CPU_PERCENT,
  PROP_MEMORY_USED_KIB,
  PROP_DISK_BPS,
  PROP_NET_BPS,
  PROP_ADDRESSES,
  PROP_TAGS,
  PROP_STARTED_AT,
  PROP_STALE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (InnVm, inn_vm, G_TYPE_OBJECT)

/**
 * inn_vm_info_clear:
 * @info: facts
 *
 * Frees what @info points to; @info itself stays.
 */
void
inn_vm_info_clear (InnVmInfo *info)
{
  g_clear_pointer (&info->uuid, g_free);
  g_clear_pointer (&info->name, g_free);
  g_clear_pointer (&info->title, g_free);
  g_clear_pointer (&info->description, g_free);
  g_clear_pointer (&info->os, g_free);
}

static void
inn_vm_notify (InnVm *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
inn_vm_finalize (GObject *object)
{
  InnVm *self = INN_VM (object);

  inn_vm_info_clear (&self->info);
  g_free (self->name_key);
  g_strfreev (self->addresses);
  g_strfreev (self->tags);

  G_OBJECT_CLASS (inn_vm_parent_class)->finalize (object);
}

static double
sum_rates (float a, float b)
{
  return a < 0 && b < 0 ? -1 : MAX (a, 0) + MAX (b, 0);
}

static void
inn_vm_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnVm *self = INN_VM (object);

  switch (prop_id)
    {
    case PROP_UUID:
      g_value_set_string (value, self->info.uuid);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->info.name);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->info.title);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->info.description);
      break;
    case PROP_OS:
      g_value_set_string (value, self->info.os);
      break;
    case PROP_HOST:
      g_value_set_object (value, self->host);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->info.state);
      break;
    case PROP_PERSISTENT:
      g_value_set_boolean (value, self->info.persistent);
      break;
    case PROP_AUTOSTART:
      g_value_set_boolean (value, self->info.autostart);
      break;
    case PROP_MANAGED_SAVE:
      g_value_set_boolean (value, self->info.managed_save);
      break;
    case PROP_VCPUS:
      g_value_set_uint (value, self->info.vcpus);
      break;
    case PROP_MEMORY_KIB:
      g_value_set_uint64 (value, self->info.memory_kib);
      break;
    case PROP_MAX_MEMORY_KIB:
      g_value_set_uint64 (value, self->info.max_memory_kib);
      break;
    case PROP_CPU_PERCENT:
      g_value_set_double (value, self->sample.cpu_percent);
      break;
    case PROP_MEMORY_USED_KIB:
      g_value_set_uint64 (value, self->sample.memory_used_kib);
      break;
    case PROP_DISK_BPS:
      g_value_set_double (value,
                          sum_rates (self->sample.disk_read_bps, self->sample.disk_write_bps));
      break;
    case PROP_NET_BPS:
      g_value_set_double (value, sum_rates (self->sample.net_rx_bps, self->sample.net_tx_bps));
      break;
    case PROP_ADDRESSES:
      g_value_set_boxed (value, self->addresses);
      break;
    case PROP_TAGS:
      g_value_set_boxed (value, self->tags);
      break;
    case PROP_STARTED_AT:
      g_value_set_int64 (value, self->started_at);
      break;
    case PROP_STALE:
      g_value_set_boolean (value, self->stale);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_vm_class_init (InnVmClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = inn_vm_finalize;
  object_class->get_property = inn_vm_get_property;

  properties[PROP_UUID] = g_param_spec_string ("uuid", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  properties[PROP_OS] = g_param_spec_string ("os", NULL, NULL, NULL, flags);
  properties[PROP_HOST] = g_param_spec_object ("host", NULL, NULL, INN_TYPE_HOST, flags);
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, INN_TYPE_VM_STATE, INN_VM_NOSTATE, flags);
  properties[PROP_PERSISTENT] = g_param_spec_boolean ("persistent", NULL, NULL, FALSE, flags);
  properties[PROP_AUTOSTART] = g_param_spec_boolean ("autostart", NULL, NULL, FALSE, flags);
  properties[PROP_MANAGED_SAVE] = g_param_spec_boolean ("managed-save", NULL, NULL, FALSE, flags);
  properties[PROP_VCPUS] = g_param_spec_uint ("vcpus", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_MEMORY_KIB] =
      g_param_spec_uint64 ("memory-kib", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_MAX_MEMORY_KIB] =
      g_param_spec_uint64 ("max-memory-kib", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /* Rates and shares are negative while unknown. */
  properties[PROP_CPU_PERCENT] =
      g_param_spec_double ("cpu-percent", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_MEMORY_USED_KIB] =
      g_param_spec_uint64 ("memory-used-kib", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_DISK_BPS] =
      g_param_spec_double ("disk-bps", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_NET_BPS] =
      g_param_spec_double ("net-bps", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_ADDRESSES] = g_param_spec_boxed ("addresses", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_TAGS] = g_param_spec_boxed ("tags", NULL, NULL, G_TYPE_STRV, flags);
  /* UNIX seconds, 0 while unknown or not active. */
  properties[PROP_STARTED_AT] =
      g_param_spec_int64 ("started-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STALE] = g_param_spec_boolean ("stale", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inn_vm_init (InnVm *self)
{
  self->info.domain_id = -1;
  self->sample = INN_VM_SAMPLE_UNKNOWN;
}

/**
 * inn_vm_new:
 * @info: its facts; copied
 *
 * Returns: (transfer full): a guest that is on no host yet
 */
InnVm *
inn_vm_new (const InnVmInfo *info)
{
  InnVm *self;

  g_return_val_if_fail (info != NULL && info->uuid != NULL, NULL);

  self = g_object_new (INN_TYPE_VM, NULL);
  /* Nobody follows it yet: nothing is compared or told, which counts when a view is opened. */
  self->info = *info;
  self->info.uuid = g_strdup (info->uuid);
  self->info.name = g_utf8_make_valid (info->name != NULL ? info->name : "", -1);
  self->info.title = g_strdup (info->title);
  self->info.description = g_strdup (info->description);
  self->info.os = g_strdup (info->os);

  return self;
}

static gboolean
take_name (InnVm *self, const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name != NULL ? name : "", -1);

  if (!g_set_str (&self->info.name, valid))
    return FALSE;

  g_clear_pointer (&self->name_key, g_free);
  inn_vm_notify (self, PROP_NAME);
  return TRUE;
}

/**
 * inn_vm_set_name:
 * @self: a guest
 * @name: as libvirt has it; bytes that are no UTF-8 are replaced
 */
void
inn_vm_set_name (InnVm *self, const char *name)
{
  g_return_if_fail (INN_IS_VM (self));

  take_name (self, name);
}

/**
 * inn_vm_apply_state:
 * @self: a guest
 * @state: its state
 * @reason: libvirt's reason code
 * @domain_id: its id while active, -1 else
 *
 * Returns: whether anything changed
 */
gboolean
inn_vm_apply_state (InnVm *self, InnVmState state, int reason, int domain_id)
{
  gboolean changed;

  g_return_val_if_fail (INN_IS_VM (self), FALSE);

  changed = self->info.state != state || self->info.reason != reason;
  self->info.domain_id = domain_id;
  self->info.reason = reason;
  if (!changed)
    return FALSE;

  self->info.state = state;
  if (self->host != NULL)
    _inn_host_count_running (self->host);
  if (!inn_vm_state_is_active (state))
    {
      inn_vm_apply_sample (self, &INN_VM_SAMPLE_UNKNOWN);
      inn_vm_set_started_at (self, 0);
      inn_vm_set_addresses (self, NULL);
    }
  inn_vm_notify (self, PROP_STATE);
  return TRUE;
}

/**
 * inn_vm_apply_info:
 * @self: a guest
 * @info: its facts, of the same UUID; copied
 *
 * Takes over what differs and notifies of that alone.
 *
 * Returns: whether anything changed that is kept on disk
 */
gboolean
inn_vm_apply_info (InnVm *self, const InnVmInfo *info)
{
  InnVmInfo *mine;
  gboolean changed = FALSE;

  g_return_val_if_fail (INN_IS_VM (self), FALSE);
  g_return_val_if_fail (g_strcmp0 (self->info.uuid, info->uuid) == 0, FALSE);

  mine = &self->info;
  g_object_freeze_notify (G_OBJECT (self));

  /* Only when it differs: making a name valid costs an allocation a guest a tick. */
  if (g_strcmp0 (mine->name, info->name) != 0)
    changed |= take_name (self, info->name);

#define TAKE_STRING(field, prop)                                                                   \
  if (g_set_str (&mine->field, info->field))                                                       \
    {                                                                                              \
      inn_vm_notify (self, prop);                                                                  \
      changed = TRUE;                                                                              \
    }
#define TAKE_PLAIN(field, prop)                                                                    \
  if (mine->field != info->field)                                                                  \
    {                                                                                              \
      mine->field = info->field;                                                                   \
      inn_vm_notify (self, prop);                                                                  \
      changed = TRUE;                                                                              \
    }

  TAKE_STRING (title, PROP_TITLE)
  TAKE_STRING (description, PROP_DESCRIPTION)
  TAKE_STRING (os, PROP_OS)
  TAKE_PLAIN (persistent, PROP_PERSISTENT)
  TAKE_PLAIN (autostart, PROP_AUTOSTART)
  TAKE_PLAIN (managed_save, PROP_MANAGED_SAVE)
  TAKE_PLAIN (vcpus, PROP_VCPUS)
  TAKE_PLAIN (memory_kib, PROP_MEMORY_KIB)
  TAKE_PLAIN (max_memory_kib, PROP_MAX_MEMORY_KIB)

#undef TAKE_STRING
#undef TAKE_PLAIN

  changed |= inn_vm_apply_state (self, info->state, info->reason, info->domain_id);
  g_object_thaw_notify (G_OBJECT (self));

  return changed;
}

/* A rate that moves by less than this is the same to anybody who looks. */
static gboolean
differs (float a, float b)
{
  return a != b && (a < 0 || b < 0 || ABS (a - b) > MAX (ABS (a), ABS (b)) * 0.005f);
}

/**
 * inn_vm_apply_sample:
 * @self: a guest
 * @sample: what was measured
 */
void
inn_vm_apply_sample (InnVm *self, const InnVmSample *sample)
{
  InnVmSample old;

  g_return_if_fail (INN_IS_VM (self));

  old = self->sample;
  self->sample = *sample;

  if (differs (old.cpu_percent, sample->cpu_percent))
    inn_vm_notify (self, PROP_CPU_PERCENT);
  if (old.memory_used_kib != sample->memory_used_kib)
    inn_vm_notify (self, PROP_MEMORY_USED_KIB);
  if (differs (old.disk_read_bps, sample->disk_read_bps) ||
      differs (old.disk_write_bps, sample->disk_write_bps))
    inn_vm_notify (self, PROP_DISK_BPS);
  if (differs (old.net_rx_bps, sample->net_rx_bps) || differs (old.net_tx_bps, sample->net_tx_bps))
    inn_vm_notify (self, PROP_NET_BPS);
}

static void
take_strv (InnVm *self, GStrv *mine, const char *const *strv, guint prop_id)
{
  const char *const none[] = { NULL };

  if (strv == NULL)
    strv = none;
  if (*mine == NULL && strv[0] == NULL)
    return;
  if (*mine != NULL && g_strv_equal ((const char *const *) *mine, strv))
    return;

  g_strfreev (*mine);
  *mine = strv[0] != NULL ? g_strdupv ((char **) strv) : NULL;
  inn_vm_notify (self, prop_id);
}

/**
 * inn_vm_set_addresses:
 * @self: a guest
 * @addresses: (nullable): IP addresses, best first
 */
void
inn_vm_set_addresses (InnVm *self, const char *const *addresses)
{
  g_return_if_fail (INN_IS_VM (self));

  take_strv (self, &self->addresses, addresses, PROP_ADDRESSES);
}

/**
 * inn_vm_set_tags:
 * @self: a guest
 * @tags: (nullable): tags
 */
void
inn_vm_set_tags (InnVm *self, const char *const *tags)
{
  g_return_if_fail (INN_IS_VM (self));

  take_strv (self, &self->tags, tags, PROP_TAGS);
}

/**
 * inn_vm_set_started_at:
 * @self: a guest
 * @started_at: UNIX seconds, 0 for unknown
 */
void
inn_vm_set_started_at (InnVm *self, gint64 started_at)
{
  g_return_if_fail (INN_IS_VM (self));

  if (self->started_at == started_at)
    return;

  self->started_at = started_at;
  inn_vm_notify (self, PROP_STARTED_AT);
}

/**
 * inn_vm_set_stale:
 * @self: a guest
 * @stale: whether what is shown is old because its host does not answer
 */
void
inn_vm_set_stale (InnVm *self, gboolean stale)
{
  g_return_if_fail (INN_IS_VM (self));

  stale = !!stale;
  if (self->stale == stale)
    return;

  self->stale = stale;
  inn_vm_notify (self, PROP_STALE);
}

void
_inn_vm_set_host (InnVm *self, InnHost *host)
{
  if (self->host == host)
    return;

  self->host = host;
  inn_vm_notify (self, PROP_HOST);
}

/**
 * inn_vm_set_name_key:
 * @self: a guest
 * @key: what inn_vm_get_name_key() returned for its name, in this language
 *
 * For who remembers it: making it costs more than the rest of the guest.
 */
void
inn_vm_set_name_key (InnVm *self, const char *key)
{
  g_return_if_fail (INN_IS_VM (self));
  g_return_if_fail (key != NULL);

  g_set_str (&self->name_key, key);
}

/**
 * inn_vm_get_name_key:
 * @self: a guest
 *
 * Returns: a key that strcmp() sorts as people expect names to be sorted ("web2" before "Web10")
 */
const char *
inn_vm_get_name_key (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), "");

  if (self->name_key == NULL)
    {
      g_autofree char *folded = g_utf8_casefold (self->info.name, -1);

      self->name_key = g_utf8_collate_key_for_filename (folded, -1);
    }

  return self->name_key;
}
