/* test-virt-xml.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "inn-test.h"
#include "virt/inn-domain-xml.h"
#include "virt/inn-xml.h"

static const char *const plain =
    "<domain type='qemu' id='3'>"
    "<name>web</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>"
    "<title>The &lt;web&gt;</title><description/>"
    "<metadata><o:libosinfo xmlns:o='http://libosinfo.org/xmlns/libvirt/domain/1.0'>"
    "<o:os id='http://debian.org/debian/13'/></o:libosinfo></metadata>"
    "<os><type arch='x86_64' machine='q35'>hvm</type></os>"
    "<unknown><disk/></unknown>"
    "<devices><emulator>/bin/x</emulator>"
    "<disk type='file' device='disk'><driver type='qcow2'/><source file='/a b.qcow2'/>"
    "<target dev='vda' bus='virtio'/></disk>"
    "<disk type='volume' device='cdrom'><source pool='p' volume='v'/><target dev='sda'/>"
    "<readonly/></disk>"
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/>"
    "<model type='virtio'/></interface>"
    "<serial type='pty'><target port='0'/><alias name='serial0'/></serial>"
    "<graphics type='vnc' port='5901' autoport='yes' listen='127.0.0.1' passwd='x'>"
    "<listen type='address' address='127.0.0.1'/></graphics>"
    "<graphics type='spice' port='-1' tlsPort='5902'><listen type='socket' socket='/s'/></graphics>"
    "<graphics type='vnc'><listen type='none'/></graphics>"
    "<future-thing a='1'/></devices></domain>";

static void
test_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnDomainXml) xml = inn_domain_xml_parse (plain, &error);
  InnGraphicsInfo *graphics;
  InnDiskInfo *disk;

  g_assert_no_error (error);
  g_assert_cmpstr (xml->name, ==, "web");
  g_assert_cmpstr (xml->title, ==, "The <web>");
  g_assert_null (xml->description);
  g_assert_cmpstr (xml->os, ==, "http://debian.org/debian/13");
  g_assert_cmpstr (xml->machine, ==, "q35");
  g_assert_cmpuint (xml->disks->len, ==, 2);
  disk = g_ptr_array_index (xml->disks, 0);
  g_assert_cmpstr (disk->source, ==, "/a b.qcow2");
  g_assert_cmpstr (disk->format, ==, "qcow2");
  disk = g_ptr_array_index (xml->disks, 1);
  g_assert_cmpstr (disk->source, ==, "p/v");
  g_assert_true (disk->readonly);
  g_assert_cmpuint (xml->interfaces->len, ==, 1);
  g_assert_cmpuint (xml->consoles->len, ==, 1);
  g_assert_cmpuint (xml->graphics->len, ==, 3);
  graphics = g_ptr_array_index (xml->graphics, 0);
  g_assert_cmpuint (graphics->port, ==, 5901);
  g_assert_true (graphics->autoport && graphics->has_password);
  graphics = g_ptr_array_index (xml->graphics, 1);
  g_assert_cmpuint (graphics->port, ==, 0);
  g_assert_cmpuint (graphics->tls_port, ==, 5902);
  g_assert_cmpstr (graphics->socket, ==, "/s");
  graphics = g_ptr_array_index (xml->graphics, 2);
  g_assert_true (graphics->listens_nowhere);
}

static void
test_broken (void)
{
  static const char *const texts[] = {
    "",
    "   ",
    "no xml",
    "<domain>",
    "<domain></host>",
    "<host/>",
    "<domain>\x01</domain>",
    "<domain>\xff\xfe</domain>",
    "<domain><name>&undefined;</name></domain>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InnDomainXml) xml = inn_domain_xml_parse (texts[i], &error);

      g_assert_null (xml);
      g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
    }
}

static void
test_odd (void)
{
  static const char *const texts[] = {
    "<domain/>",
    "<domain><devices/></domain>",
    "<domain><name/><uuid/><devices><disk/><graphics/><interface/><serial/></devices></domain>",
    "<domain><devices><graphics port='99999999999' tlsPort='x'><listen/></graphics></devices>"
    "</domain>",
    "<domain><name>\xe2\x80\xae"
    "evil</name></domain>",
    "<x:domain xmlns:x='urn:x'/>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InnDomainXml) xml = inn_domain_xml_parse (texts[i], &error);

      g_assert_no_error (error);
      g_assert_nonnull (xml);
      for (guint j = 0; j < xml->graphics->len; j++)
        g_assert_cmpuint (((InnGraphicsInfo *) g_ptr_array_index (xml->graphics, j))->port, ==, 0);
    }
}

/* No file of this machine gets into what is read. */
static void
test_entities (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "secret", NULL);
  g_autofree char *text = g_strdup_printf ("<!DOCTYPE domain [<!ENTITY x SYSTEM 'file://%s'>]>"
                                           "<domain><name>&x;</name></domain>",
                                           path);
  g_autoptr (InnDomainXml) xml = NULL;

  g_assert_true (g_file_set_contents (path, "hidden", -1, NULL));
  xml = inn_domain_xml_parse (text, NULL);
  if (xml != NULL && xml->name != NULL)
    g_assert_null (strstr (xml->name, "hidden"));
}

static void
test_huge (void)
{
  g_autoptr (GString) text = g_string_new ("<domain><name>many</name><description>");
  g_autoptr (GError) error = NULL;
  g_autoptr (InnDomainXml) xml = NULL;
  gint64 start;

  for (guint i = 0; i < 12 * 1024 * 1024; i += 16)
    g_string_append (text, "0123456789abcdef");
  g_string_append (text, "</description><devices>");
  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, "<disk><source file='/%u'/><target dev='d%u'/></disk>", i, i);
  g_string_append (text, "</devices></domain>");

  start = g_get_monotonic_time ();
  xml = inn_domain_xml_parse (text->str, &error);
  g_test_message ("%.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_no_error (error);
  g_assert_cmpuint (xml->disks->len, ==, 10000);
  g_assert_cmpuint (strlen (xml->description), ==, 12 * 1024 * 1024);
}

static void
test_helpers (void)
{
  g_autoptr (InnXml) xml = inn_xml_parse ("<a n='7' x='-1'><b>t</b><b>u</b></a>", NULL);
  g_autoptr (GPtrArray) nodes = inn_xml_nodes (xml, NULL, "b");
  g_autofree char *second = inn_xml_text (g_ptr_array_index (nodes, 1));
  g_autofree char *first = inn_xml_string (xml, NULL, "/a/b");
  g_autofree char *none = inn_xml_string (xml, NULL, "/a/c");
  g_autofree char *wrong = inn_xml_string (xml, NULL, "][");

  g_assert_cmpuint (nodes->len, ==, 2);
  g_assert_cmpstr (first, ==, "t");
  g_assert_cmpstr (second, ==, "u");
  g_assert_null (none);
  g_assert_null (wrong);
  g_assert_true (inn_xml_exists (xml, NULL, "b"));
  g_assert_false (inn_xml_exists (xml, NULL, "c"));
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  g_test_add_func ("/virt/xml/read", test_read);
  g_test_add_func ("/virt/xml/broken", test_broken);
  g_test_add_func ("/virt/xml/odd", test_odd);
  g_test_add_func ("/virt/xml/entities", test_entities);
  g_test_add_func ("/virt/xml/huge", test_huge);
  g_test_add_func ("/virt/xml/helpers", test_helpers);
  return g_test_run ();
}
