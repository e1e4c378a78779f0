/* SPDX-License-Identifier: MIT */
#include "tests/support/faults.h"

#include <stdio.h>

static gboolean failed;
static int lines;

static int64_t of_environment(const char *name)
{
    const char *text = g_getenv(name);
    return text ? g_ascii_strtoll(text, NULL, 10) : 0;
}

int64_t faults_tries(int64_t minutes)
{
    int64_t tries = of_environment("PACKLINE_FAULTS_TRIES"), times = of_environment("PACKLINE_FAULTS_TIMES");
    return tries > 0 ? tries : minutes * MAX(times, 1);
}

void faults_report(const char *fault, int64_t tries, int64_t lost, int64_t stuck, const char *control)
{
    failed |= tries == 0 || lost != 0 || stuck != 0 || !control;
    lines++;
    printf("%s\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%s\n", fault, tries, lost, stuck,
           control ? control : "DID NOT FAIL");
    fflush(stdout);
}

void faults_skip(const char *fault, const char *why)
{
    lines++;
    printf("%s\t\t\t\tnot tried: %s\n", fault, why);
    fflush(stdout);
}

int faults_end(void)
{
    return failed || lines == 0;
}
