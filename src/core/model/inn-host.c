/* inn-host.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-host-private.h"

#include "model/inn-vm-private.h"

/**
 * InnHost:
 *
 * A host as the administrator recorded it and as it was last seen, with its guests. It owns the
 * list its guests are in. Main thread only.
 */

enum
{
  PROP_0,
  PROP_NAME,
  PROP_URI,
  PROP_CLUSTER_ID,
  PROP_READ_ONLY,
  PROP_AUTOCONNECT,
  PROP_STATE,
  PROP_FACTS,
  PROP_CPU_PERCENT,
  PROP_MEMORY_USED_KIB,
  PROP_N_VMS,
  PROP_N_RUNNING,
  PROP_LAST_SEEN,
  PROP_DUPLICATE,
  N_PROPS
};

enum
{
  SIGNAL_DIRTY,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InnHost, inn_host, G_TYPE_OBJECT)

/**
 * inn_host_config_clear:
 * @config: a record
 *
 * Frees what @config points to; @config itself stays.
 */
void
inn_host_config_clear (InnHostConfig *config)
{
  g_clear_pointer (&config->id, g_free);
  g_clear_pointer (&config->name, g_free);
  g_clear_pointer (&config->uri, g_free);
  g_clear_pointer (&config->cluster_id, g_free);
}

/**
 * inn_host_facts_clear:
 * @facts: facts
 *
 * Frees what @facts points to; @facts itself stays.
 */
void
inn_host_facts_clear (InnHostFacts *facts)
{
  g_clear_pointer (&facts->uuid, g_free);
  g_clear_pointer (&facts->hostname, g_free);
  g_clear_pointer (&facts->hypervisor, g_free);
  g_clear_pointer (&facts->arch, g_free);
  g_clear_pointer (&facts->cpu_model, g_free);
}

static void
inn_host_notify (InnHost *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
inn_host_dispose (GObject *object)
{
  InnHost *self = INN_HOST (object);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->vms));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (G_LIST_MODEL (self->vms), i);

      _inn_vm_set_host (vm, NULL);
    }
  g_hash_table_remove_all (self->vms_by_uuid);
  g_list_store_remove_all (self->vms);

  G_OBJECT_CLASS (inn_host_parent_class)->dispose (object);
}

static void
inn_host_finalize (GObject *object)
{
  InnHost *self = INN_HOST (object);

  inn_host_config_clear (&self->config);
  inn_host_facts_clear (&self->facts);
  g_clear_error (&self->error);
  g_clear_pointer (&self->vms_by_uuid, g_hash_table_unref);
  g_clear_object (&self->vms);

  G_OBJECT_CLASS (inn_host_parent_class)->finalize (object);
}

static void
inn_host_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnHost *self = INN_HOST (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->config.name);
      break;
    case PROP_URI:
      g_value_set_string (value, self->config.uri);
      break;
    case PROP_CLUSTER_ID:
      g_value_set_string (value, self->config.cluster_id);
      break;
    case PROP_READ_ONLY:
      g_value_set_boolean (value, self->config.read_only);
      break;
    case PROP_AUTOCONNECT:
      g_value_set_boolean (value, self->config.autoconnect);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_FACTS:
      g_value_set_pointer (value, &self->facts);
      break;
    case PROP_CPU_PERCENT:
      g_value_set_double (value, self->cpu_percent);
      break;
    case PROP_MEMORY_USED_KIB:
      g_value_set_uint64 (value, self->memory_used_kib);
      break;
    case PROP_N_VMS:
      g_value_set_uint (value, inn_host_get_n_vms (self));
      break;
    case PROP_N_RUNNING:
      g_value_set_uint (value, self->n_running);
      break;
    case PROP_LAST_SEEN:
      g_value_set_int64 (value, self->last_seen);
      break;
    case PROP_DUPLICATE:
      g_value_set_boolean (value, self->duplicate);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_host_class_init (InnHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = inn_host_dispose;
  object_class->finalize = inn_host_finalize;
  object_class->get_property = inn_host_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, flags);
  properties[PROP_CLUSTER_ID] = g_param_spec_string ("cluster-id", NULL, NULL, NULL, flags);
  properties[PROP_READ_ONLY] = g_param_spec_boolean ("read-only", NULL, NULL, FALSE, flags);
  properties[PROP_AUTOCONNECT] = g_param_spec_boolean ("autoconnect", NULL, NULL, FALSE, flags);
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, INN_TYPE_HOST_STATE, INN_HOST_OFFLINE, flags);
  /* Notified when any of the facts changes; read them with inn_host_get_facts(). */
  properties[PROP_FACTS] = g_param_spec_pointer ("facts", NULL, NULL, flags);
  properties[PROP_CPU_PERCENT] =
      g_param_spec_double ("cpu-percent", NULL, NULL, -1, 100, -1, flags);
  properties[PROP_MEMORY_USED_KIB] =
      g_param_spec_uint64 ("memory-used-kib", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_N_VMS] = g_param_spec_uint ("n-vms", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_RUNNING] = g_param_spec_uint ("n-running", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /* UNIX seconds of the last answer, 0 for never. */
  properties[PROP_LAST_SEEN] =
      g_param_spec_int64 ("last-seen", NULL, NULL, 0, G_MAXINT64, 0, flags);
  /* Another record reports the same host UUID. */
  properties[PROP_DUPLICATE] = g_param_spec_boolean ("duplicate", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * InnHost::dirty:
   *
   * Something that is kept on disk changed: facts of the host, or its guests. The store writes
   * behind, many at once.
   */
  signals[SIGNAL_DIRTY] = g_signal_new ("dirty", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
inn_host_init (InnHost *self)
{
  self->cpu_percent = -1;
  self->vms = g_list_store_new (INN_TYPE_VM);
  self->vms_by_uuid = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * inn_host_new:
 * @config: the record; copied
 *
 * Returns: (transfer full): a host nobody has connected to
 */
InnHost *
inn_host_new (const InnHostConfig *config)
{
  InnHost *self;

  g_return_val_if_fail (config != NULL && config->id != NULL, NULL);

  self = g_object_new (INN_TYPE_HOST, NULL);
  self->config.id = g_strdup (config->id);
  inn_host_apply_config (self, config);

  return self;
}

/**
 * inn_host_apply_config:
 * @self: a host
 * @config: the record as it is now; copied
 */
void
inn_host_apply_config (InnHost *self, const InnHostConfig *config)
{
  g_return_if_fail (INN_IS_HOST (self));
  g_return_if_fail (g_strcmp0 (self->config.id, config->id) == 0);

  g_object_freeze_notify (G_OBJECT (self));
  if (g_set_str (&self->config.name, config->name))
    inn_host_notify (self, PROP_NAME);
  if (g_set_str (&self->config.uri, config->uri))
    inn_host_notify (self, PROP_URI);
  if (g_set_str (&self->config.cluster_id, config->cluster_id))
    inn_host_notify (self, PROP_CLUSTER_ID);
  if (self->config.read_only != config->read_only)
    {
      self->config.read_only = config->read_only;
      inn_host_notify (self, PROP_READ_ONLY);
    }
  if (self->config.autoconnect != config->autoconnect)
    {
      self->config.autoconnect = config->autoconnect;
      inn_host_notify (self, PROP_AUTOCONNECT);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * inn_host_apply_facts:
 * @self: a host
 * @facts: what it says of itself; copied
 *
 * Returns: whether anything changed
 */
gboolean
inn_host_apply_facts (InnHost *self, const InnHostFacts *facts)
{
  InnHostFacts *mine;
  gboolean changed = FALSE;

  g_return_val_if_fail (INN_IS_HOST (self), FALSE);
  g_return_val_if_fail (facts != NULL, FALSE);

  mine = &self->facts;
  changed |= g_set_str (&mine->uuid, facts->uuid);
  changed |= g_set_str (&mine->hostname, facts->hostname);
  changed |= g_set_str (&mine->hypervisor, facts->hypervisor);
  changed |= g_set_str (&mine->arch, facts->arch);
  changed |= g_set_str (&mine->cpu_model, facts->cpu_model);

#define TAKE(field)                                                                                \
  if (mine->field != facts->field)                                                                 \
    {                                                                                              \
      mine->field = facts->field;                                                                  \
      changed = TRUE;                                                                              \
    }
  TAKE (hypervisor_version)
  TAKE (libvirt_version)
  TAKE (cpus)
  TAKE (sockets)
  TAKE (cores)
  TAKE (threads)
  TAKE (cpu_mhz)
  TAKE (memory_kib)
  TAKE (boot_time)
#undef TAKE

  if (!changed)
    return FALSE;

  inn_host_notify (self, PROP_FACTS);
  inn_host_mark_dirty (self);
  return TRUE;
}

/**
 * inn_host_set_state:
 * @self: a host
 * @state: the state of the connection
 * @error: (nullable): why, for %INN_HOST_LOST, %INN_HOST_AUTH_REQUIRED and %INN_HOST_FAILED; copied
 *
 * Guests of a host that is not online are stale.
 */
void
inn_host_set_state (InnHost *self, InnHostState state, const GError *error)
{
  gboolean was_online;
  guint n;

  g_return_if_fail (INN_IS_HOST (self));

  was_online = self->state == INN_HOST_ONLINE;
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  self->state = state;
  inn_host_notify (self, PROP_STATE);

  if (was_online == (state == INN_HOST_ONLINE))
    return;

  n = g_list_model_get_n_items (G_LIST_MODEL (self->vms));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (G_LIST_MODEL (self->vms), i);

      inn_vm_set_stale (vm, state != INN_HOST_ONLINE);
    }
}

/**
 * inn_host_apply_sample:
 * @self: a host
 * @cpu_percent: of all its CPUs together, 0 to 100; negative for unknown
 * @memory_used_kib: memory in use; 0 for unknown
 */
void
inn_host_apply_sample (InnHost *self, double cpu_percent, guint64 memory_used_kib)
{
  g_return_if_fail (INN_IS_HOST (self));

  if (self->cpu_percent != cpu_percent)
    {
      self->cpu_percent = cpu_percent;
      inn_host_notify (self, PROP_CPU_PERCENT);
    }
  if (self->memory_used_kib != memory_used_kib)
    {
      self->memory_used_kib = memory_used_kib;
      inn_host_notify (self, PROP_MEMORY_USED_KIB);
    }
}

/**
 * inn_host_set_last_seen:
 * @self: a host
 * @last_seen: UNIX seconds of its last answer
 */
void
inn_host_set_last_seen (InnHost *self, gint64 last_seen)
{
  g_return_if_fail (INN_IS_HOST (self));

  if (self->last_seen == last_seen)
    return;

  self->last_seen = last_seen;
  inn_host_notify (self, PROP_LAST_SEEN);
}

/**
 * inn_host_set_duplicate:
 * @self: a host
 * @duplicate: whether another record reports the same host UUID
 */
void
inn_host_set_duplicate (InnHost *self, gboolean duplicate)
{
  g_return_if_fail (INN_IS_HOST (self));

  duplicate = !!duplicate;
  if (self->duplicate == duplicate)
    return;

  self->duplicate = duplicate;
  inn_host_notify (self, PROP_DUPLICATE);
}

/* Counted when guests come, go or change state, never per look. */
void
_inn_host_count_running (InnHost *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->vms));
  guint running = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (G_LIST_MODEL (self->vms), i);

      running += inn_vm_is_active (vm);
    }

  if (self->n_running == running)
    return;

  self->n_running = running;
  inn_host_notify (self, PROP_N_RUNNING);
}

/**
 * inn_host_add_vms:
 * @self: a host
 * @vms: (element-type InnVm): guests that came; one that is on another host leaves it, one whose
 *   UUID is here already is left out
 *
 * Adds many guests as one change of the list.
 */
void
inn_host_add_vms (InnHost *self, GPtrArray *vms)
{
  g_autoptr (GPtrArray) fresh = NULL;

  g_return_if_fail (INN_IS_HOST (self));
  g_return_if_fail (vms != NULL);

  fresh = g_ptr_array_new_full (vms->len, NULL);
  for (guint i = 0; i < vms->len; i++)
    {
      InnVm *vm = g_ptr_array_index (vms, i);
      InnHost *old = inn_vm_get_host (vm);

      if (g_hash_table_contains (self->vms_by_uuid, inn_vm_get_uuid (vm)))
        continue;
      if (old != NULL)
        inn_host_remove_vm (old, vm);

      g_hash_table_insert (self->vms_by_uuid, (gpointer) inn_vm_get_uuid (vm), vm);
      _inn_vm_set_host (vm, self);
      inn_vm_set_stale (vm, self->state != INN_HOST_ONLINE);
      g_ptr_array_add (fresh, vm);
    }

  if (fresh->len == 0)
    return;

  g_list_store_splice (self->vms, g_list_model_get_n_items (G_LIST_MODEL (self->vms)), 0,
                       fresh->pdata, fresh->len);
  inn_host_notify (self, PROP_N_VMS);
  _inn_host_count_running (self);
  inn_host_mark_dirty (self);
}

/**
 * inn_host_set_n_known:
 * @self: a host
 * @n_known: how many guests it is known to have; 0 when those in its list are all
 *
 * Lets the host be counted right while its guests are still being read.
 */
void
inn_host_set_n_known (InnHost *self, guint n_known)
{
  guint before;

  g_return_if_fail (INN_IS_HOST (self));

  before = inn_host_get_n_vms (self);
  self->n_known = n_known;
  if (inn_host_get_n_vms (self) != before)
    inn_host_notify (self, PROP_N_VMS);
}

/**
 * inn_host_remove_vm:
 * @self: a host
 * @vm: a guest that is gone from it
 */
void
inn_host_remove_vm (InnHost *self, InnVm *vm)
{
  guint position;

  g_return_if_fail (INN_IS_HOST (self));
  g_return_if_fail (INN_IS_VM (vm));

  if (!g_list_store_find (self->vms, vm, &position))
    return;

  g_hash_table_remove (self->vms_by_uuid, inn_vm_get_uuid (vm));
  _inn_vm_set_host (vm, NULL);
  g_list_store_remove (self->vms, position);
  inn_host_notify (self, PROP_N_VMS);
  _inn_host_count_running (self);
  inn_host_mark_dirty (self);
}

/**
 * inn_host_mark_dirty:
 * @self: a host
 *
 * Tells the store that something it keeps changed. Called by whoever applies facts to a guest.
 */
void
inn_host_mark_dirty (InnHost *self)
{
  g_return_if_fail (INN_IS_HOST (self));

  g_signal_emit (self, signals[SIGNAL_DIRTY], 0);
}
