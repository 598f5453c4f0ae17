/* test-display.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-test.h"
#include "pattern-source.h"
#include "ui/console/inn-display-private.h"

#include <math.h>

/* What the display draws, read back pixel by pixel. */

typedef struct
{
  int width;
  int height;
  guint32 *pixels;
} Picture;

static void
picture_clear (Picture *picture)
{
  g_clear_pointer (&picture->pixels, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Picture, picture_clear)

static GskRenderer *
make_renderer (gboolean gl)
{
  GskRenderer *renderer = gl ? gsk_gl_renderer_new () : gsk_cairo_renderer_new ();
  g_autoptr (GError) error = NULL;

  if (gsk_renderer_realize_for_display (renderer, gdk_display_get_default (), &error))
    return renderer;

  g_test_skip (error->message);
  g_object_unref (renderer);
  return NULL;
}

static void
free_renderer (GskRenderer *renderer)
{
  gsk_renderer_unrealize (renderer);
  g_object_unref (renderer);
}

static void
render (GskRenderer *renderer, GskRenderNode *node, int width, int height, Picture *picture)
{
  g_autoptr (GdkTexture) texture =
      gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));

  *picture = (Picture) { width, height, g_new0 (guint32, (gsize) width * height) };
  gdk_texture_download (texture, (guchar *) picture->pixels, (gsize) width * 4);
}

static guint32
pixel (const Picture *picture, int x, int y)
{
  return picture->pixels[y * picture->width + x];
}

static InnDisplay *
make_display (PatternSource *source, InnDisplayScaling scaling)
{
  InnDisplay *display = INN_DISPLAY (g_object_ref_sink (inn_display_new ()));

  inn_display_set_scaling (display, scaling);
  inn_display_set_source (display, INN_DISPLAY_SOURCE (source));
  pattern_source_make_ready (source);
  return display;
}

/* As GTK does it: the widget's node at its place, under the scale of the surface. */
static GskRenderNode *
draw (InnDisplay *display, const graphene_rect_t *area, double scale)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gtk_snapshot_scale (snapshot, scale, scale);
  gtk_snapshot_translate (snapshot, &area->origin);
  inn_display_draw (display, snapshot, area, scale);
  return gtk_snapshot_free_to_node (snapshot);
}

static void
test_exact (gconstpointer gl)
{
  static const double scales[] = { 1, 1.25, 1.5, 1.75, 2, 2.5, 3 };
  GskRenderer *renderer = make_renderer (GPOINTER_TO_INT (gl));
  const int width = 600;
  const int height = 530;

  if (renderer == NULL)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      g_autoptr (PatternSource) source = pattern_source_new (width, height);
      g_autoptr (InnDisplay) display = make_display (source, INN_DISPLAY_SCALING_EXACT);
      /* An odd place: a third of the scales puts it between device pixels. */
      graphene_rect_t area = GRAPHENE_RECT_INIT (13, 7, 651, 601);
      g_autoptr (GskRenderNode) node = draw (display, &area, scales[i]);
      int left = round (area.origin.x * scales[i] + display->geometry.x);
      int top = round (area.origin.y * scales[i] + display->geometry.y);
      g_auto (Picture) picture = { 0 };

      render (renderer, node, left + width + 9, top + height + 9, &picture);
      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          if (pixel (&picture, left + x, top + y) !=
              (0xff000000u | pattern_source_pixel (source, x, y)))
            g_error ("scale %g: %d,%d is %08x and not %06x", scales[i], x, y,
                     pixel (&picture, left + x, top + y), pattern_source_pixel (source, x, y));

      g_assert_cmphex (pixel (&picture, left - 1, top), ==, 0);
      g_assert_cmphex (pixel (&picture, left + width, top + height - 1), ==, 0);
    }
  free_renderer (renderer);
}

static int
difference (guint32 a, guint32 b)
{
  int most = 0;

  for (int shift = 0; shift < 32; shift += 8)
    most = MAX (most, ABS ((int) ((a >> shift) & 0xff) - (int) ((b >> shift) & 0xff)));
  return most;
}

static gboolean
near_seam (const InnDisplayGeometry *geometry, int x, int y)
{
  for (int seam = INN_TILE_SIDE; seam < MAX (geometry->frame_width, geometry->frame_height);
       seam += INN_TILE_SIDE)
    if (fabs (x - geometry->x - seam * geometry->scale_x) < 3 ||
        fabs (y - geometry->y - seam * geometry->scale_y) < 3)
      return TRUE;

  return FALSE;
}

/* How far the pictures are from each other where tiles meet, and elsewhere. */
static void
compare (const InnDisplayGeometry *geometry,
         const Picture *picture,
         const Picture *wanted,
         int *at_seams,
         int *elsewhere)
{
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++)
      {
        int *worst = near_seam (geometry, x, y) ? at_seams : elsewhere;

        *worst = MAX (*worst, difference (pixel (picture, x, y), pixel (wanted, x, y)));
        /* No hole, and no pixel that is there by half. */
        g_assert_cmphex (pixel (picture, x, y) >> 24, ==, pixel (wanted, x, y) >> 24);
      }
}

/* The tiles together look as one texture of the whole frame would. */
static void
test_fit (gconstpointer gl)
{
  static const double sizes[][3] = { { 450, 400, 1 },   { 777, 700, 1 },    { 631, 555, 1.25 },
                                     { 333, 200, 1.5 }, { 1200, 1060, 1 },  { 480, 424, 1.25 },
                                     { 599, 529, 1 },   { 900, 100, 1.333 } };
  GskRenderer *renderer = make_renderer (GPOINTER_TO_INT (gl));

  if (renderer == NULL)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (PatternSource) source = pattern_source_new (600, 530);
      g_autoptr (InnDisplay) display = make_display (source, INN_DISPLAY_SCALING_FIT);
      graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, sizes[i][0], sizes[i][1]);
      g_autoptr (GskRenderNode) node = draw (display, &area, sizes[i][2]);
      const InnDisplayGeometry *geometry = &display->geometry;
      g_autoptr (GdkTexture) whole = inn_display_get_screenshot (display);
      GtkSnapshot *snapshot = gtk_snapshot_new ();
      g_autoptr (GskRenderNode) expected = NULL;
      g_auto (Picture) picture = { 0 };
      g_auto (Picture) wanted = { 0 };
      int at_seams = 0;
      int elsewhere = 0;

      gtk_snapshot_append_scaled_texture (
          snapshot, whole, geometry->filter,
          &GRAPHENE_RECT_INIT (geometry->x, geometry->y, geometry->width, geometry->height));
      expected = gtk_snapshot_free_to_node (snapshot);
      render (renderer, node, ceil (sizes[i][0] * sizes[i][2]), ceil (sizes[i][1] * sizes[i][2]),
              &picture);
      render (renderer, expected, picture.width, picture.height, &wanted);
      compare (geometry, &picture, &wanted, &at_seams, &elsewhere);
      g_test_message ("%g x %g at %g: %d where tiles meet, %d elsewhere", sizes[i][0], sizes[i][1],
                      sizes[i][2], at_seams, elsewhere);

      /* The software renderer rounds where it samples, other ways for other textures, and so do
       * mipmaps; but the places where tiles meet are not seen. */
      g_assert_cmpint (at_seams, <=, elsewhere + 3);
      if (GPOINTER_TO_INT (gl) && geometry->filter != GSK_SCALING_FILTER_TRILINEAR)
        g_assert_cmpint (elsewhere, <=, 3);
    }
  free_renderer (renderer);
}

static guint64
tiles_made (InnDisplay *display, const graphene_rect_t *area)
{
  guint64 before = inn_display_get_stats (display)->tiles;
  g_autoptr (GskRenderNode) node = draw (display, area, 1);

  return inn_display_get_stats (display)->tiles - before;
}

static void
test_damage (void)
{
  g_autoptr (PatternSource) source = pattern_source_new (1280, 800);
  g_autoptr (InnDisplay) display = make_display (source, INN_DISPLAY_SCALING_EXACT);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, 1280, 800);
  guint64 bytes;

  g_assert_cmpuint (tiles_made (display, &area), ==, 5 * 4);
  g_assert_cmpuint (tiles_made (display, &area), ==, 0);

  bytes = inn_display_get_stats (display)->bytes;
  pattern_source_paint (source, 300, 300, 64, 64, 0);
  g_assert_cmpuint (tiles_made (display, &area), ==, 1);
  g_assert_cmpuint (inn_display_get_stats (display)->bytes - bytes, ==, 256 * 256 * 4);

  pattern_source_paint (source, 250, 250, 12, 12, 0);
  g_assert_cmpuint (tiles_made (display, &area), ==, 4);

  /* Many small ones before the next frame are one. */
  for (int i = 0; i < 100; i++)
    pattern_source_paint (source, 600 + i, 600, 1, 1, i);
  g_assert_cmpuint (tiles_made (display, &area), ==, 1);

  pattern_source_paint (source, 1279, 799, 1, 1, 0);
  g_assert_cmpuint (tiles_made (display, &area), ==, 1);
}

static void
test_new_pixels (gconstpointer gl)
{
  GskRenderer *renderer = make_renderer (GPOINTER_TO_INT (gl));
  g_autoptr (PatternSource) source = pattern_source_new (600, 530);
  g_autoptr (InnDisplay) display = make_display (source, INN_DISPLAY_SCALING_EXACT);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, 600, 530);

  if (renderer == NULL)
    return;

  for (int round = 0; round < 3; round++)
    {
      g_autoptr (GskRenderNode) node = NULL;
      g_auto (Picture) picture = { 0 };

      pattern_source_paint (source, 200 + round * 20, 200, 100, 100, 0x112233 * round);
      node = draw (display, &area, 1);
      render (renderer, node, 600, 530, &picture);
      for (int y = 0; y < 530; y++)
        for (int x = 0; x < 600; x++)
          g_assert_cmphex (pixel (&picture, x, y), ==,
                           0xff000000u | pattern_source_pixel (source, x, y));
    }
  free_renderer (renderer);
}

static void
test_points (void)
{
  InnDisplayGeometry geometry;
  graphene_rect_t area = GRAPHENE_RECT_INIT (3, 5, 1000, 400);
  int x;
  int y;

  /* 640 x 400 in 1000 x 400 units at 1.5: 960 x 600 device pixels, 270 beside them. */
  g_assert_true (inn_display_geometry_compute (&geometry, &area, 1.5, 640, 400, TRUE));
  g_assert_cmpint (geometry.width, ==, 960);
  g_assert_cmpint (geometry.height, ==, 600);

  g_assert_false (inn_display_geometry_to_frame (&geometry, 100, 200, &x, &y));
  g_assert_cmpint (x, ==, 0);
  for (int frame_x = 0; frame_x < 640; frame_x += 13)
    for (int frame_y = 0; frame_y < 400; frame_y += 7)
      {
        double at_x = (geometry.x + (frame_x + 0.5) * geometry.scale_x) / 1.5;
        double at_y = (geometry.y + (frame_y + 0.5) * geometry.scale_y) / 1.5;

        g_assert_true (inn_display_geometry_to_frame (&geometry, at_x, at_y, &x, &y));
        g_assert_cmpint (x, ==, frame_x);
        g_assert_cmpint (y, ==, frame_y);
      }
  g_assert_false (inn_display_geometry_to_frame (&geometry, 1e6, -1e6, &x, &y));
  g_assert_cmpint (x, ==, 639);
  g_assert_cmpint (y, ==, 0);
}

static void
test_accessible (void)
{
  g_autoptr (InnDisplay) display = INN_DISPLAY (g_object_ref_sink (inn_display_new ()));

  inn_display_set_guest_name (display, "web <1>");
  gtk_test_accessible_assert_role (display, GTK_ACCESSIBLE_ROLE_APPLICATION);
  gtk_test_accessible_assert_property (display, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Console of web <1>");
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  gtk_init ();

  g_test_add_data_func ("/display/exact/cairo", GINT_TO_POINTER (FALSE), test_exact);
  g_test_add_data_func ("/display/exact/gl", GINT_TO_POINTER (TRUE), test_exact);
  g_test_add_data_func ("/display/fit/cairo", GINT_TO_POINTER (FALSE), test_fit);
  g_test_add_data_func ("/display/fit/gl", GINT_TO_POINTER (TRUE), test_fit);
  g_test_add_func ("/display/damage", test_damage);
  g_test_add_data_func ("/display/new-pixels/cairo", GINT_TO_POINTER (FALSE), test_new_pixels);
  g_test_add_data_func ("/display/new-pixels/gl", GINT_TO_POINTER (TRUE), test_new_pixels);
  g_test_add_func ("/display/points", test_points);
  g_test_add_func ("/display/accessible", test_accessible);

  return g_test_run ();
}
