/* SPDX-License-Identifier: MIT */
#include "tests/bench/measure.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void samples_init(struct samples *samples)
{
    samples->ns = g_array_new(FALSE, FALSE, sizeof(int64_t));
}

void samples_clear(struct samples *samples)
{
    g_array_free(samples->ns, TRUE);
    samples->ns = NULL;
}

void samples_add(struct samples *samples, int64_t ns)
{
    g_array_append_val(samples->ns, ns);
}

static int by_size(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

double samples_ms(struct samples *samples, double part)
{
    if (samples->ns->len == 0)
        return 0;
    g_array_sort(samples->ns, by_size);
    guint at = (guint)((double)samples->ns->len * part);
    return (double)g_array_index(samples->ns, int64_t, MIN(at, samples->ns->len - 1)) / 1e6;
}

int64_t measure_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

double measure_seconds_since(int64_t start_ns)
{
    return (double)(measure_now_ns() - start_ns) / 1e9;
}

void measure_head(const char *title)
{
    printf("\n%s\n  %-44s %12s %12s %7s  %s\n", title, "", "here", "baseline", "ratio", "mark");
    fflush(stdout);
}

static void print_number(double value, const char *unit)
{
    char text[48];
    snprintf(text, sizeof text, value >= 1000 ? "%.0f %s" : value >= 10 ? "%.1f %s" : "%.2f %s", value, unit);
    printf(" %12s", text);
}

void measure_row(const char *what, double here, double baseline, const char *unit, const char *mark)
{
    printf("  %-44s", what);
    print_number(here, unit);
    if (baseline > 0) {
        print_number(baseline, unit);
        printf(" %7.2f", here / baseline);
    } else
        printf(" %12s %7s", "-", "-");
    printf("  %s\n", mark ? mark : "");
    fflush(stdout);
}

/* Caller frees; NULL when the process is gone. */
static char *proc_file(int pid, const char *name)
{
    char *path = g_strdup_printf("/proc/%d/%s", pid, name), *content = NULL;
    gboolean read = g_file_get_contents(path, &content, NULL, NULL);
    g_free(path);
    return read ? content : NULL;
}

int64_t measure_resident_kb(int pid)
{
    char *status = proc_file(pid, "status");
    const char *row = status ? strstr(status, "VmRSS:") : NULL;
    int64_t kb = row ? g_ascii_strtoll(row + strlen("VmRSS:"), NULL, 10) : 0;
    g_free(status);
    return kb;
}

int64_t measure_cpu_ms(int pid)
{
    char *text = proc_file(pid, "stat");
    const char *rest = text ? strrchr(text, ')') : NULL;
    long long user = 0, kernel = 0;
    if (rest)
        sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &kernel);
    g_free(text);
    return (user + kernel) * 1000 / sysconf(_SC_CLK_TCK);
}
