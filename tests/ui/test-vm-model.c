/* test-vm-model.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-view.h"
#include "inn-test.h"
#include "ui/vm/inn-vm-rows.h"

#include <string.h>

/* The list of guests without a widget: filtered, sorted, and following what comes and goes. */

static gboolean
is_full (gpointer model)
{
  return !inn_vm_model_is_filling (model);
}

static InnVmModel *
create_model (InnInventory *inventory)
{
  InnVmModel *model = inn_vm_model_new (inventory, inn_inventory_get_vms (inventory));

  inn_test_spin (is_full, model);
  return model;
}

static void
set_query (InnVmModel *model, InnInventory *inventory, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnVmQuery) query = inn_vm_query_parse (text, inventory, &error);

  g_assert_no_error (error);
  inn_vm_model_set_query (model, query);
  inn_test_spin (is_full, model);
}

static void
assert_sorted (InnVmModel *model)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (model));

  for (guint i = 1; i < n; i++)
    {
      g_autoptr (InnVm) before = g_list_model_get_item (G_LIST_MODEL (model), i - 1);
      g_autoptr (InnVm) after = g_list_model_get_item (G_LIST_MODEL (model), i);

      g_assert_cmpint (strcmp (inn_vm_get_name_key (before), inn_vm_get_name_key (after)), <=, 0);
    }
}

static void
test_fill (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  g_autoptr (InnVmModel) model = NULL;
  g_autoptr (InnHost) host = NULL;

  fake_view_fill (inventory, 3, 700);
  model = create_model (inventory);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 2100);
  assert_sorted (model);

  /* Those that come later are merged in, not appended. */
  host = g_list_model_get_item (inn_inventory_get_hosts (inventory), 0);
  fake_view_add_vms (host, 77, 500);
  inn_test_spin (is_full, model);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 2600);
  assert_sorted (model);
}

static void
test_filter (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  g_autoptr (InnVmModel) model = NULL;

  fake_view_fill (inventory, 3, 200);
  model = create_model (inventory);

  set_query (model, inventory, "host:host1");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 200);
  set_query (model, inventory, "vm2-19");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 11);
  set_query (model, inventory, "cluster:Production");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 200);
  set_query (model, inventory, "nobody is called this");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 0);
  set_query (model, inventory, "");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 600);
}

static void
test_move (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  g_autoptr (InnVmModel) model = NULL;
  g_autoptr (InnHost) from = NULL;
  g_autoptr (InnHost) to = NULL;
  g_autoptr (InnVm) vm = NULL;
  g_autoptr (GPtrArray) moved = g_ptr_array_new ();

  fake_view_fill (inventory, 3, 50);
  model = create_model (inventory);
  from = g_list_model_get_item (inn_inventory_get_hosts (inventory), 1);
  to = g_list_model_get_item (inn_inventory_get_hosts (inventory), 2);
  vm = g_list_model_get_item (inn_host_get_vms (from), 7);

  /* A guest that migrates stays one row; one that goes leaves none. */
  g_ptr_array_add (moved, vm);
  inn_host_add_vms (to, moved);
  inn_test_spin (is_full, model);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 150);

  inn_host_remove_vm (to, vm);
  inn_test_spin (is_full, model);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 149);
}

static void
count_changes (guint *changes)
{
  *changes += 1;
}

static void
test_hold (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  g_autoptr (InnVmModel) model = NULL;
  guint changes = 0;

  fake_view_fill (inventory, 2, 100);
  model = create_model (inventory);
  inn_vm_model_set_sort (model, inn_vm_columns_find ("cpu"), TRUE);
  inn_test_spin (is_full, model);
  g_signal_connect_swapped (model, "items-changed", G_CALLBACK (count_changes), &changes);

  /* While the pointer is over the list nothing moves, whatever the figures do. */
  inn_vm_model_set_hold (model, TRUE);
  fake_view_sample (inventory);
  inn_vm_model_tick (model);
  g_assert_cmpuint (changes, ==, 0);

  inn_vm_model_set_hold (model, FALSE);
  inn_vm_model_tick (model);
  g_assert_cmpuint (changes, ==, 1);

  /* And what did not change is not told. */
  inn_vm_model_tick (model);
  g_assert_cmpuint (changes, ==, 1);
}

static void
count_told (guint *told, const char *property)
{
  *told += 1;
}

static InnVmRows *
create_rows (InnVmModel *model)
{
  InnVmRows *rows = inn_vm_rows_new (model, (InnVmRowFunc) count_told);

  while (inn_vm_rows_step (rows))
    ;
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==,
                    g_list_model_get_n_items (G_LIST_MODEL (model)));
  return rows;
}

static InnVmRow *
get_row (InnVmRows *rows, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (rows), position);
}

/* A filter changes what is in the rows; rows only come and go at the end, and not all at once. */
static void
test_rows_stay (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  g_autoptr (InnVmModel) model = NULL;
  g_autoptr (InnVmRows) rows = NULL;
  g_autoptr (InnVmRow) first = NULL;
  g_autoptr (InnVmRow) last = NULL;
  g_autoptr (InnVmRow) again = NULL;
  guint told = 0;

  fake_view_fill (inventory, 3, 200);
  model = create_model (inventory);
  rows = create_rows (model);
  first = get_row (rows, 0);
  last = get_row (rows, 150);
  inn_vm_row_add_listener (first, &told);

  set_query (model, inventory, "vm2-19");
  g_assert_cmpuint (told, ==, 1);
  g_assert_true (g_str_has_prefix (inn_vm_get_name (inn_vm_row_get_vm (first)), "vm2-19"));
  /* Still there, and nobody is in it. */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), >, 150);
  g_assert_null (inn_vm_row_get_vm (last));
  g_assert_false (gtk_selection_model_select_item (GTK_SELECTION_MODEL (rows), 150, TRUE) &&
                  inn_vm_rows_get_n_selected (rows) > 0);
  while (inn_vm_rows_step (rows))
    ;
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 11);

  again = get_row (rows, 0);
  g_assert_true (again == first);
  inn_vm_row_remove_listener (first, &told);
  set_query (model, inventory, "");
  g_assert_cmpuint (told, ==, 1);
}

static void
test_rows_selection (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  g_autoptr (InnVmModel) model = NULL;
  g_autoptr (InnVmRows) rows = NULL;
  g_autoptr (InnVmRow) row = NULL;
  g_autoptr (InnVm) vm = NULL;
  g_autoptr (GPtrArray) selected = NULL;

  fake_view_fill (inventory, 2, 60);
  model = create_model (inventory);
  rows = create_rows (model);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (rows), 3, TRUE);
  row = get_row (rows, 3);
  vm = g_object_ref (inn_vm_row_get_vm (row));

  /* The guest is selected, not the place. */
  inn_vm_model_set_sort (model, NULL, TRUE);
  g_assert_false (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (rows), 3));
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (rows), 120 - 4));
  selected = inn_vm_rows_dup_selected (rows);
  g_assert_cmpuint (selected->len, ==, 1);
  g_assert_true (g_ptr_array_index (selected, 0) == vm);

  /* And what is not shown is not acted on, also when it comes back. */
  set_query (model, inventory, "nobody is called this");
  g_assert_cmpuint (inn_vm_rows_get_n_selected (rows), ==, 0);
  set_query (model, inventory, "");
  g_assert_cmpuint (inn_vm_rows_get_n_selected (rows), ==, 0);

  gtk_selection_model_select_all (GTK_SELECTION_MODEL (rows));
  g_assert_cmpuint (inn_vm_rows_get_n_selected (rows), ==, 120);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (rows), 7, TRUE);
  g_assert_cmpuint (inn_vm_rows_get_n_selected (rows), ==, 1);
}

static void
note_shift (int *sum, int by)
{
  *sum += by;
}

static void
test_rows_anchor (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  g_autoptr (InnVmModel) model = NULL;
  g_autoptr (InnVmRows) rows = NULL;
  g_autoptr (InnHost) host = NULL;
  g_autoptr (InnVmRow) row = NULL;
  InnVm *vm;
  int sum = 0;

  fake_view_fill (inventory, 2, 60);
  model = create_model (inventory);
  inn_vm_model_set_sort (model, NULL, TRUE);
  rows = create_rows (model);
  g_signal_connect_swapped (rows, "shifted", G_CALLBACK (note_shift), &sum);
  inn_vm_rows_set_anchor (rows, 100);
  row = get_row (rows, 100);
  vm = inn_vm_row_get_vm (row);

  /* Guests that come in above what is seen move it down by as many rows. */
  host = g_list_model_get_item (inn_inventory_get_hosts (inventory), 0);
  fake_view_add_vms (host, 10, 20);
  inn_test_spin (is_full, model);
  g_assert_cmpint (sum, ==, 20);
  while (inn_vm_rows_step (rows))
    ;
  g_clear_object (&row);
  row = get_row (rows, 100 + sum);
  g_assert_true (inn_vm_row_get_vm (row) == vm);

  /* Another order is looked at from its beginning: nothing is followed. */
  sum = 0;
  inn_vm_model_set_sort (model, NULL, FALSE);
  g_assert_cmpint (sum, ==, 0);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  g_test_add_func ("/vm-model/fill", test_fill);
  g_test_add_func ("/vm-model/filter", test_filter);
  g_test_add_func ("/vm-model/move", test_move);
  g_test_add_func ("/vm-model/hold", test_hold);
  g_test_add_func ("/vm-model/rows-stay", test_rows_stay);
  g_test_add_func ("/vm-model/rows-selection", test_rows_selection);
  g_test_add_func ("/vm-model/rows-anchor", test_rows_anchor);

  return g_test_run ();
}
