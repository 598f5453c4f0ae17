/* test-vm-query.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "model/inn-vm-query.h"

static InnVm *
create_vm (void)
{
  InnVmInfo info = { .uuid = (char *) "5f3d2c00-aaaa-4bbb-8ccc-0123456789ab",
                     .name = (char *) "Web 東京 1",
                     .title = (char *) "Front door",
                     .os = (char *) "debian13",
                     .state = INN_VM_RUNNING,
                     .autostart = TRUE,
                     .vcpus = 4,
                     .max_memory_kib = 4 * 1024 * 1024 };
  InnVmSample sample = { 55, 1000, 2000, 3 << 20, 0, 1024 * 1024 };
  const char *addresses[] = { "10.0.0.7", "fe80::1", NULL };
  const char *tags[] = { "prod", "web", NULL };
  InnVm *vm = inn_vm_new (&info);

  inn_vm_apply_sample (vm, &sample);
  inn_vm_set_addresses (vm, addresses);
  inn_vm_set_tags (vm, tags);
  inn_vm_set_started_at (vm, g_get_real_time () / G_USEC_PER_SEC - 7200);

  return vm;
}

static gboolean
fits (InnVm *vm, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnVmQuery) query = inn_vm_query_parse (text, NULL, &error);

  g_assert_no_error (error);
  return inn_vm_query_matches (query, vm);
}

static void
test_fits (void)
{
  static const char *const good[] = {
    "",          "web",        "WEB 東京",   "\"web 東京\"",  "door",
    "10.0.0.7",  "fe80::1",    "5f3d2c00",   "state:running", "STATE:run",
    "is:active", "tag:prod",   "mem>3G",     "mem:4G",        "mem>=4GiB",
    "cpu>50",    "cpu<=55%",   "net>1M",     "uptime>1h",     "uptime<1d",
    "vcpus=4",   "-state:off", "-name:mail", "autostart:yes", "os:debian -tag:test web",
  };
  g_autoptr (InnVm) vm = create_vm ();

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (!fits (vm, good[i]))
      g_error ("“%s” should fit", good[i]);
}

static void
test_fits_not (void)
{
  static const char *const bad[] = {
    "mail",         "-web",      "state:off", "state:paused", "mem>4G",       "mem<4G",
    "tag:test",     "host:rack", "cpu<50",    "uptime>3h",    "autostart:no", "os:rhel",
    "cluster:prod", "web mail",  "used>2G",   "disk>1M",
  };
  g_autoptr (InnVm) vm = create_vm ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (fits (vm, bad[i]))
      g_error ("“%s” should not fit", bad[i]);
}

static void
test_errors (void)
{
  static const char *const wrong[] = { "colour:red", "state:dancing", "mem>much",
                                       "cpu:x",      "\"open",        "name:",
                                       "name>web",   "uptime>5y",     "autostart:maybe" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InnVmQuery) query = inn_vm_query_parse (wrong[i], NULL, &error);

      g_assert_null (query);
      g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
      g_assert_cmpuint (strlen (error->message), >, 10);
    }
}

/* Whatever is typed, it is parsed or refused. */
static void
test_noise (void)
{
  static const char letters[] = "ab:<>=\"- 19G%state\t\xc3\x28東";

  for (guint i = 0; i < 20000; i++)
    {
      char text[24];
      g_autoptr (InnVmQuery) query = NULL;
      guint length = (guint) g_test_rand_int_range (0, sizeof text);

      for (guint j = 0; j < length; j++)
        text[j] = letters[g_test_rand_int_range (0, sizeof letters - 1)];
      text[length] = '\0';
      query = inn_vm_query_parse (text, NULL, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vm-query/fits", test_fits);
  g_test_add_func ("/vm-query/fits-not", test_fits_not);
  g_test_add_func ("/vm-query/errors", test_errors);
  g_test_add_func ("/vm-query/noise", test_noise);

  return g_test_run ();
}
