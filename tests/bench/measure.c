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

static gboolean reached(struct mark mark, double here, double ratio)
{
    return (mark.most > 0 && here <= mark.most) || (mark.least > 0 && here >= mark.least) ||
           (mark.most_ratio > 0 && ratio > 0 && ratio <= mark.most_ratio) ||
           (mark.least_ratio > 0 && ratio >= mark.least_ratio);
}

static void print_mark(struct mark mark, double here, double ratio, const char *unit)
{
    const char *word = " ";
    const struct {
        double bound;
        const char *sign, *unit;
    } bounds[] = {
        {mark.most, "<=", unit}, {mark.least, ">=", unit}, {mark.most_ratio, "<=", "x"}, {mark.least_ratio, ">=", "x"}};
    for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++)
        if (bounds[i].bound > 0) {
            printf("%s %s %g %s", word, bounds[i].sign, bounds[i].bound, bounds[i].unit);
            word = " or";
        }
    if (word[1] == '\0')
        return;
    printf(": %s", reached(mark, here, ratio) ? "reached" : "MISSED");
}

void measure_row(const char *what, double here, double baseline, const char *unit, struct mark mark)
{
    double ratio = baseline > 0 ? here / baseline : 0;
    printf("  %-44s", what);
    print_number(here, unit);
    if (baseline > 0) {
        print_number(baseline, unit);
        printf(" %7.2f", ratio);
    } else
        printf(" %12s %7s", "-", "-");
    print_mark(mark, here, ratio, unit);
    printf("\n");
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
