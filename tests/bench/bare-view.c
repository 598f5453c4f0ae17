/* bare-view.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What looking at many hosts costs without a program around it: opens each URI in a thread of its
 * own, lists the guests, reads their bulk statistics; with --ticks, reads list and statistics again
 * every --poll seconds. The reference of the benchmark "view": nothing here is clever on purpose.
 *
 * Usage: bare-view [--poll SECONDS] [--ticks N] URI...        (or URIs on stdin, one a line)
 * Prints one line of JSON when all is loaded, and one when the ticks are over. */

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define STATS                                                                                      \
  (VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_CPU_TOTAL | VIR_DOMAIN_STATS_BALLOON |                \
   VIR_DOMAIN_STATS_VCPU | VIR_DOMAIN_STATS_INTERFACE | VIR_DOMAIN_STATS_BLOCK)

typedef struct
{
  const char *uri;
  virConnectPtr conn;
  int guests;
  int failed;
  int ticks;
  double poll;
  double next;
  pthread_t thread;
} Host;

static pthread_barrier_t loaded;

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static double
cpu (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static long
rss_kib (void)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  long total = 0;
  long resident = 0;

  if (file == NULL)
    return 0;
  if (fscanf (file, "%ld %ld", &total, &resident) != 2)
    resident = 0;
  fclose (file);
  return resident * (sysconf (_SC_PAGESIZE) / 1024);
}

static void
look (Host *host)
{
  virDomainPtr *domains = NULL;
  virDomainStatsRecordPtr *records = NULL;
  int n = virConnectListAllDomains (host->conn, &domains, 0);

  for (int i = 0; i < n; i++)
    virDomainFree (domains[i]);
  free (domains);
  host->guests = n < 0 ? 0 : n;

  if (virConnectGetAllDomainStats (host->conn, STATS, &records,
                                   VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT) >= 0)
    virDomainStatsRecordListFree (records);
  else
    host->failed = 1;
}

static void
sleep_until (double when)
{
  struct timespec time = { (time_t) when, (long) ((when - (double) (time_t) when) * 1e9) };

  while (clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0)
    continue;
}

static void *
run (void *data)
{
  Host *host = data;

  host->conn = virConnectOpen (host->uri);
  if (host->conn != NULL)
    look (host);
  else
    host->failed = 1;
  pthread_barrier_wait (&loaded);
  pthread_barrier_wait (&loaded);

  for (int i = 0; i < host->ticks && host->conn != NULL; i++)
    {
      sleep_until (host->next + host->poll * (i + 1));
      look (host);
    }
  return NULL;
}

static void
be_quiet (void *data, virErrorPtr error)
{
  (void) data;
  (void) error;
}

static char **
read_lines (int *n)
{
  char **lines = NULL;
  char *line = NULL;
  size_t size = 0;
  ssize_t length;

  *n = 0;
  while ((length = getline (&line, &size, stdin)) > 0)
    {
      if (line[length - 1] == '\n')
        line[length - 1] = '\0';
      if (line[0] == '\0')
        continue;
      lines = realloc (lines, sizeof *lines * (size_t) (*n + 1));
      lines[(*n)++] = strdup (line);
    }
  free (line);
  return lines;
}

static void
print (const char *phase, Host *hosts, int n, double wall, double used, int ticks)
{
  long guests = 0;
  int failed = 0;

  for (int i = 0; i < n; i++)
    {
      guests += hosts[i].guests;
      failed += hosts[i].failed;
    }
  printf ("{\"phase\": \"%s\", \"hosts\": %d, \"failed\": %d, \"guests\": %ld, "
          "\"wall_s\": %.4f, \"cpu_s\": %.4f, \"rss_kib\": %ld, \"ticks\": %d, "
          "\"threads\": \"one a host\"}\n",
          phase, n, failed, guests, wall, used, rss_kib (), ticks);
  fflush (stdout);
}

static void
take_option (const char *name, const char *value, double *poll, int *ticks)
{
  if (strcmp (name, "--poll") == 0)
    *poll = atof (value);
  else
    *ticks = atoi (value);
}

int
main (int argc, char *argv[])
{
  double poll = 3;
  int ticks = 0;
  int first = 1;
  int n;
  char **uris;
  Host *hosts;
  double start;
  double begun;

  while (first + 1 < argc && strncmp (argv[first], "--", 2) == 0)
    {
      take_option (argv[first], argv[first + 1], &poll, &ticks);
      first += 2;
    }
  uris = argv + first;
  n = argc - first;
  if (n == 0)
    uris = read_lines (&n);
  if (n == 0)
    return 2;

  virInitialize ();
  virSetErrorFunc (NULL, be_quiet);
  virEventRegisterDefaultImpl ();
  hosts = calloc ((size_t) n, sizeof *hosts);
  pthread_barrier_init (&loaded, NULL, (unsigned) n + 1);

  start = now ();
  begun = cpu ();
  for (int i = 0; i < n; i++)
    {
      hosts[i].uri = uris[i];
      hosts[i].ticks = ticks;
      hosts[i].poll = poll;
      pthread_create (&hosts[i].thread, NULL, run, &hosts[i]);
    }
  pthread_barrier_wait (&loaded);
  print ("load", hosts, n, now () - start, cpu () - begun, 0);

  /* Spread over the tick, as whoever looks at many hosts does. */
  start = now ();
  begun = cpu ();
  for (int i = 0; i < n; i++)
    hosts[i].next = start - poll + poll * i / n;
  pthread_barrier_wait (&loaded);
  for (int i = 0; i < n; i++)
    pthread_join (hosts[i].thread, NULL);
  if (ticks > 0)
    print ("steady", hosts, n, now () - start, cpu () - begun, ticks);

  return 0;
}
