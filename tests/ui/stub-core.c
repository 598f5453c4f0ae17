/* stub-core.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-context.h"
#include "base/inn-dex.h"

/* Stands in for the rooms below the window until they are there. */
struct _InnAppContext
{
  GObject parent;
  InnInventory *inventory;
  InnOperationManager *operations;
  InnVmOps *ops;
  InnStore *store;
  InnSessionManager *sessions;
};
G_DEFINE_FINAL_TYPE (InnAppContext, inn_app_context, G_TYPE_OBJECT)

struct _InnVmOps
{
  GObject parent;
  InnOperationManager *operations;
};
G_DEFINE_FINAL_TYPE (InnVmOps, inn_vm_ops, G_TYPE_OBJECT)

struct _InnStore
{
  GObject parent;
};
G_DEFINE_FINAL_TYPE (InnStore, inn_store, G_TYPE_OBJECT)

struct _InnSessionManager
{
  GObject parent;
};
G_DEFINE_FINAL_TYPE (InnSessionManager, inn_session_manager, G_TYPE_OBJECT)

static void
inn_app_context_finalize (GObject *o)
{
  InnAppContext *s = INN_APP_CONTEXT (o);
  g_clear_object (&s->inventory);
  g_clear_object (&s->operations);
  g_clear_object (&s->ops);
  g_clear_object (&s->store);
  g_clear_object (&s->sessions);
  G_OBJECT_CLASS (inn_app_context_parent_class)->finalize (o);
}

static void
inn_app_context_class_init (InnAppContextClass *k)
{
  G_OBJECT_CLASS (k)->finalize = inn_app_context_finalize;
}

static void
inn_app_context_init (InnAppContext *s)
{
  s->inventory = inn_inventory_new ();
  s->operations = inn_operation_manager_new ();
  s->ops = g_object_new (INN_TYPE_VM_OPS, NULL);
  s->store = g_object_new (INN_TYPE_STORE, NULL);
  s->sessions = g_object_new (INN_TYPE_SESSION_MANAGER, NULL);
  s->ops->operations = s->operations;
}

static void
inn_vm_ops_class_init (InnVmOpsClass *k)
{
}

static void
inn_vm_ops_init (InnVmOps *s)
{
}

static void
inn_store_class_init (InnStoreClass *k)
{
}

static void
inn_store_init (InnStore *s)
{
}

static void
inn_session_manager_class_init (InnSessionManagerClass *k)
{
}

static void
inn_session_manager_init (InnSessionManager *s)
{
}

InnAppContext *
inn_app_context_new (const char *d, InnPrompter *p)
{
  return g_object_new (INN_TYPE_APP_CONTEXT, NULL);
}

InnInventory *
inn_app_context_get_inventory (InnAppContext *s)
{
  return s->inventory;
}

InnOperationManager *
inn_app_context_get_operations (InnAppContext *s)
{
  return s->operations;
}

InnVmOps *
inn_app_context_get_vm_ops (InnAppContext *s)
{
  return s->ops;
}

InnStore *
inn_app_context_get_store (InnAppContext *s)
{
  return s->store;
}

InnSessionManager *
inn_app_context_get_sessions (InnAppContext *s)
{
  return s->sessions;
}

DexFuture *
inn_app_context_open (InnAppContext *s)
{
  return dex_future_new_true ();
}

DexFuture *
inn_app_context_close (InnAppContext *s)
{
  return dex_future_new_true ();
}

InnSession *
inn_session_manager_get (InnSessionManager *s, InnHost *h)
{
  return NULL;
}

InnSession *
inn_session_manager_get_for_vm (InnSessionManager *s, InnVm *h)
{
  return NULL;
}

void
inn_session_manager_set_interval (InnSessionManager *s, gint64 u)
{
}

void
inn_session_manager_autoconnect (InnSessionManager *s)
{
}

void
inn_session_reconnect_now (InnSession *s)
{
}

DexFuture *
inn_session_connect (InnSession *s)
{
  return dex_future_new_true ();
}

DexFuture *
inn_session_disconnect (InnSession *s)
{
  return dex_future_new_true ();
}

DexFuture *
inn_store_move_host (InnStore *s, const char *a, const char *b)
{
  return dex_future_new_true ();
}

static const char *const nicks[] = { "start",    "shutdown",     "reboot",        "reset",
                                     "poweroff", "pause",        "resume",        "save",
                                     "nmi",      "autostart-on", "autostart-off", "drop-saved" };

const char *
inn_vm_action_to_nick (InnVmAction a)
{
  return nicks[a];
}

gboolean
inn_vm_action_from_nick (const char *n, InnVmAction *a)
{
  for (guint i = 0; i < INN_VM_N_ACTIONS; i++)
    if (g_str_equal (n, nicks[i]))
      {
        *a = i;
        return TRUE;
      }
  return FALSE;
}

const char *
inn_vm_action_get_label (InnVmAction a)
{
  return nicks[a];
}

gboolean
inn_vm_action_is_destructive (InnVmAction a)
{
  return a == INN_VM_ACTION_RESET || a == INN_VM_ACTION_POWER_OFF;
}

gboolean
inn_vm_action_is_available (InnVmAction a, InnVm *vm, char **r)
{
  return inn_vm_is_active (vm) == (a != INN_VM_ACTION_START);
}

static InnOperation *
op (InnVmOps *s, InnVm *vm, const char *t)
{
  InnOperation *o = inn_operation_new (t, inn_vm_get_uuid (vm), inn_vm_get_name (vm), t);
  inn_operation_manager_add (s->operations, o);
  return o;
}

InnOperation *
inn_vm_ops_act (InnVmOps *s, InnVm *vm, InnVmAction a)
{
  return op (s, vm, nicks[a]);
}

InnOperation *
inn_vm_ops_rename (InnVmOps *s, InnVm *vm, const char *n)
{
  return op (s, vm, "rename");
}

InnOperation *
inn_vm_ops_delete (InnVmOps *s, InnVm *vm, const char *const *v)
{
  return op (s, vm, "delete");
}

DexFuture *
inn_vm_ops_list_storage (InnVmOps *s, InnVm *vm)
{
  return dex_future_new_infinite ();
}
