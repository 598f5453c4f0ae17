/* inn-cli-command.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-command.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>

/* Shown in this order. */
static const InnCliCommand *const nouns[] = {
  inn_cli_host_commands,      inn_cli_cluster_commands, inn_cli_datacenter_commands,
  inn_cli_vm_commands,        inn_cli_vm_look_commands, inn_cli_vm_console_commands,
  inn_cli_vm_action_commands, inn_cli_event_commands,   inn_cli_operation_commands,
  inn_cli_debug_commands,
};

typedef struct
{
  gboolean json;
  gboolean yes;
  gboolean help;
  gboolean version;
  int timeout;
  char *store;
} Globals;

#define USAGE_CELLS 34
#define DEFAULT_TIMEOUT 30
#define MAX_TIMEOUT 86400

static void
add_globals (GOptionContext *context, Globals *globals)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &globals->json, N_ ("Print JSON, for programs"), NULL },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &globals->store,
      N_ ("Use the view in this folder instead of your own"), N_ ("DIR") },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &globals->timeout,
      N_ ("Wait so many seconds for a host (30)"), N_ ("SECONDS") },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &globals->yes, N_ ("Answer each question with yes"), NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &globals->help, N_ ("Show this help"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &globals->version, N_ ("Show the version"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionGroup *group =
      g_option_group_new ("global", _ ("Global options:"), _ ("Global options"), NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_group (context, group);
}

/* Where the values of a command's own options go while they are parsed. */
typedef struct
{
  gboolean flags[G_N_ELEMENTS (((InnCliCommand *) NULL)->options)];
  char *values[G_N_ELEMENTS (((InnCliCommand *) NULL)->options)];
} Values;

static GOptionContext *
make_context (const InnCliCommand *command, Globals *globals, Values *values)
{
  g_autofree char *usage =
      g_strdup_printf ("%s %s%s%s", command->noun, command->verb,
                       *command->arguments != 0 ? " " : "", command->arguments);
  GOptionContext *context = g_option_context_new (usage);
  g_autofree char *summary =
      command->description != NULL
          ? g_strdup_printf ("%s\n\n%s", _ (command->summary), _ (command->description))
          : g_strdup (_ (command->summary));

  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  for (guint i = 0; command->options[i].name != NULL; i++)
    {
      const InnCliOption *option = &command->options[i];
      const GOptionEntry entries[] = {
        { option->name, 0, 0, option->argument != NULL ? G_OPTION_ARG_FILENAME : G_OPTION_ARG_NONE,
          option->argument != NULL ? (gpointer) &values->values[i] : (gpointer) &values->flags[i],
          option->help, option->argument },
        G_OPTION_ENTRY_NULL,
      };

      g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
    }
  add_globals (context, globals);

  return context;
}

/* The commands of one noun, or of all. */
static char *
format_overview (const char *noun)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n  innctl [%s] %s %s [%s]\n", _ ("Usage:"), _ ("OPTION…"),
                          noun != NULL ? noun : _ ("NOUN"), _ ("VERB"), _ ("ARGUMENT…"));

  for (guint n = 0; n < G_N_ELEMENTS (nouns); n++)
    for (const InnCliCommand *command = nouns[n]; command->noun != NULL; command++)
      {
        g_autofree char *usage = NULL;

        if (noun != NULL && !g_str_equal (noun, command->noun))
          continue;
        if (command == nouns[n])
          g_string_append_c (text, '\n');
        usage = g_strdup_printf ("%s %s %s", command->noun, command->verb, command->arguments);
        g_string_append_printf (text, "  %s%*s%s\n", usage,
                                (int) (USAGE_CELLS - MIN (USAGE_CELLS, inn_cli_width (usage)) + 1),
                                "", _ (command->summary));
      }

  g_string_append_printf (text, "\n%s\n",
                          _ ("innctl NOUN VERB --help says more of a command and lists its options "
                             "and those that every command has."));
  return g_string_free_and_steal (text);
}

static gboolean
has_noun (const char *noun)
{
  for (guint n = 0; n < G_N_ELEMENTS (nouns); n++)
    if (g_str_equal (nouns[n]->noun, noun))
      return TRUE;

  return FALSE;
}

static const InnCliCommand *
find_command (const char *noun, const char *verb)
{
  for (guint n = 0; n < G_N_ELEMENTS (nouns); n++)
    for (const InnCliCommand *command = nouns[n]; command->noun != NULL; command++)
      if (g_str_equal (command->noun, noun) && g_str_equal (command->verb, verb))
        return command;

  return NULL;
}

static gboolean
apply_globals (Globals *globals, InnCliRun *run, InnCliRequest *request, GError **error)
{
  inn_cli_run_set_json (run, globals->json);
  inn_cli_run_set_yes (run, globals->yes);
  if (globals->store != NULL)
    g_set_str (&request->store, globals->store);

  if (globals->timeout < 1 || globals->timeout > MAX_TIMEOUT)
    {
      inn_cli_usage_error (error, _ ("--timeout takes 1 to %d seconds"), MAX_TIMEOUT);
      return FALSE;
    }
  inn_cli_run_set_timeout (run, globals->timeout * G_TIME_SPAN_SECOND);

  return TRUE;
}

static gboolean
check_count (const InnCliCommand *command, int n, GError **error)
{
  if (n < command->min)
    inn_cli_usage_error (error, _ ("Something is missing: innctl %s %s %s"), command->noun,
                         command->verb, command->arguments);
  else if (command->max >= 0 && n > command->max)
    inn_cli_usage_error (error, _ ("That is too much: innctl %s %s %s"), command->noun,
                         command->verb, command->arguments);
  else
    return TRUE;

  return FALSE;
}

/* GOption leaves the “--” where it is as soon as a word after it begins with a dash. */
static void
drop_separator (GStrv words)
{
  guint at = 0;

  while (words[at] != NULL && !g_str_equal (words[at], "--"))
    at++;
  if (words[at] == NULL)
    return;

  g_free (words[at]);
  for (; words[at] != NULL; at++)
    words[at] = words[at + 1];
}

/* What is typed is taken as UTF-8 whatever the locale says: scripts often run without one. */
static gboolean
check_options (const InnCliCommand *command, InnCliRun *run, GError **error)
{
  for (guint i = 0; command->options[i].name != NULL; i++)
    {
      const char *value = inn_cli_run_get_option (run, command->options[i].name);

      if (value == NULL || g_utf8_validate (value, -1, NULL))
        continue;
      inn_cli_usage_error (error, _ ("What follows --%s is not valid UTF-8"),
                           command->options[i].name);
      return FALSE;
    }

  return TRUE;
}

/* @argv: the verb and what follows. */
static gboolean
parse_command (const InnCliCommand *command,
               GStrv argv,
               Globals *globals,
               InnCliRun *run,
               InnCliRequest *request,
               GError **error)
{
  Values values = { 0 };
  g_autoptr (GOptionContext) context = make_context (command, globals, &values);
  g_auto (GStrv) rest = g_strdupv (argv);

  /* The verb stands where GOption expects the name of the program. */
  if (!g_option_context_parse_strv (context, &rest, error))
    return FALSE;
  if (globals->help)
    {
      g_set_prgname ("innctl");
      request->text = g_option_context_get_help (context, FALSE, NULL);
      return TRUE;
    }
  if (!apply_globals (globals, run, request, error))
    return FALSE;

  for (guint i = 0; command->options[i].name != NULL; i++)
    {
      if (values.flags[i])
        inn_cli_run_set_option (run, command->options[i].name, "");
      if (values.values[i] != NULL)
        inn_cli_run_set_option (run, command->options[i].name, values.values[i]);
      g_free (values.values[i]);
    }
  if (!check_options (command, run, error))
    return FALSE;
  drop_separator (rest);
  if (!check_count (command, (int) g_strv_length (rest) - 1, error))
    return FALSE;

  inn_cli_run_take_arguments (run, g_strdupv (rest + 1));
  request->command = command;
  return TRUE;
}

static gboolean
parse_noun (GStrv argv, Globals *globals, InnCliRun *run, InnCliRequest *request, GError **error)
{
  const InnCliCommand *command;

  if (!has_noun (argv[0]))
    {
      inn_cli_usage_error (error, _ ("There is nothing called “%s”: innctl --help lists all"),
                           argv[0]);
      return FALSE;
    }
  if (globals->help || g_strcmp0 (argv[1], "--help") == 0 || g_strcmp0 (argv[1], "-h") == 0)
    {
      request->text = format_overview (argv[0]);
      return TRUE;
    }
  if (argv[1] == NULL)
    {
      inn_cli_usage_error (error, _ ("What about it? innctl %s --help lists all"), argv[0]);
      return FALSE;
    }

  command = find_command (argv[0], argv[1]);
  if (command == NULL)
    {
      inn_cli_usage_error (error, _ ("“%s” cannot be done to it: innctl %s --help lists all"),
                           argv[1], argv[0]);
      return FALSE;
    }

  return parse_command (command, argv + 1, globals, run, request, error);
}

/* An option that stands anywhere says how errors are printed, also those of the rest. */
static gboolean
wants_json (int argc, char **argv)
{
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    if (g_str_equal (argv[i], "--json"))
      return TRUE;

  return FALSE;
}

/* Takes the options out that follow the first word. */
static gboolean
take_globals (GStrv *words, Globals *globals, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  add_globals (context, globals);
  g_option_context_set_strict_posix (context, TRUE);
  return g_option_context_parse_strv (context, words, error);
}

/* @words: the program, the noun, and the rest. */
static gboolean
parse_after_program (
    GStrv words, Globals *globals, InnCliRun *run, InnCliRequest *request, GError **error)
{
  g_auto (GStrv) noun = g_strdupv (words + 1);

  return take_globals (&noun, globals, error) && parse_noun (noun, globals, run, request, error);
}

/**
 * inn_cli_parse:
 * @argc: how many
 * @argv: as `main` got them
 * @run: gets the options and arguments
 * @request: (out caller-allocates): what to do; initialised by the caller with zeros
 * @error: return location for what is wrong with it: exit code 2
 *
 * Returns: whether it made sense
 */
gboolean
inn_cli_parse (int argc, char **argv, InnCliRun *run, InnCliRequest *request, GError **error)
{
  Globals globals = { .timeout = DEFAULT_TIMEOUT };
  g_auto (GStrv) rest = NULL;
  gboolean ok;

  inn_cli_run_set_json (run, wants_json (argc, argv));
  rest = g_new0 (char *, argc + 1);
  for (int i = 0; i < argc; i++)
    rest[i] = g_strdup (argv[i]);

  ok = take_globals (&rest, &globals, error);
  if (ok && globals.version)
    request->text = g_strdup ("innctl " PACKAGE_VERSION "\n");
  else if (ok && rest[1] == NULL && globals.help)
    request->text = format_overview (NULL);
  else if (ok && rest[1] == NULL)
    {
      inn_cli_usage_error (error, _ ("innctl what? innctl --help lists all"));
      ok = FALSE;
    }
  else if (ok)
    ok = parse_after_program (rest, &globals, run, request, error);

  g_free (globals.store);
  return ok;
}

void
inn_cli_request_clear (InnCliRequest *request)
{
  g_clear_pointer (&request->text, g_free);
  g_clear_pointer (&request->store, g_free);
}

/**
 * inn_cli_print_id:
 * @run: a run
 * @id: of what was made
 *
 * Returns: the exit code for success
 */
int
inn_cli_print_id (InnCliRun *run, const char *id)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!inn_cli_run_get_json (run))
    {
      inn_cli_print ("%s", id);
      return INN_CLI_DONE;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "id", id);
  json_builder_end_object (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
  return INN_CLI_DONE;
}

/**
 * inn_cli_finish:
 * @future: (transfer full): the last thing to do
 * @error: return location
 *
 * Returns: the exit code
 */
int
inn_cli_finish (DexFuture *future, GError **error)
{
  return dex_await (future, error) ? INN_CLI_DONE : INN_CLI_FAILED;
}
