/* SPDX-License-Identifier: MIT
 *
 * PINs and roles. The matrix stands here a second time, as text: a changed right must be changed twice.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/people/pin.h"
#include "core/people/role.h"

/* Columns: picker packer dock lead manager admin system. */
static const struct {
    const char *permission, *roles;
} MATRIX[] = {
    {"scan", "#######"},   {"pick", "##-####"},  {"pack", "-#-####"},   {"reprint", "-######"},
    {"dock", "-######"},   {"hold", "-######"},  {"lead", "---####"},   {"stock", "---####"},
    {"answer", "-#-####"}, {"import", "---####"}, {"admin", "-----##"}, {"work", "------#"},
};

static void matrix(void)
{
    g_assert_cmpint(G_N_ELEMENTS(MATRIX), ==, PERMISSION_COUNT);
    for (enum permission p = 0; p < PERMISSION_COUNT; p++) {
        g_assert_cmpstr(permission_name(p), ==, MATRIX[p].permission);
        g_assert_false(role_may(ROLE_NONE, p));
        for (enum role role = ROLE_PICKER; role < ROLE_COUNT; role++)
            g_assert_cmpint(role_may(role, p), ==, MATRIX[p].roles[role - ROLE_PICKER] == '#');
    }
}

static void names(void)
{
    for (enum role role = ROLE_PICKER; role < ROLE_COUNT; role++) {
        g_assert_cmpint(role_parse(role_name(role)), ==, role);
        g_assert_cmpstr(role_label(role), !=, "");
    }
    g_assert_cmpint(role_parse("boss"), ==, ROLE_NONE);
    g_assert_cmpint(role_parse(""), ==, ROLE_NONE);
}

static void rules(void)
{
    static const struct {
        enum role role;
        const char *pin;
        gboolean good;
    } PINS[] = {
        {ROLE_PACKER, "2580", TRUE},   {ROLE_PACKER, "258", FALSE},  {ROLE_LEAD, "2580", FALSE},
        {ROLE_LEAD, "258013", TRUE},   {ROLE_PACKER, "1111", FALSE}, {ROLE_PACKER, "1234", FALSE},
        {ROLE_PACKER, "4321", FALSE},  {ROLE_PACKER, "12a4", FALSE}, {ROLE_PACKER, "", FALSE},
        {ROLE_ADMIN, "123456", FALSE}, {ROLE_PACKER, "1357", TRUE},  {ROLE_PACKER, "1233", TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(PINS); i++) {
        GError *error = NULL;
        g_assert_cmpint(pin_check(PINS[i].role, PINS[i].pin, &error), ==, PINS[i].good);
        g_assert_cmpint(err_code(error), ==, PINS[i].good ? ERR_NONE : ERR_PIN_RULE);
        g_clear_error(&error);
    }
}

static void hashes(void)
{
    struct pepper pepper = {{1, 2, 3}}, other = {{9}};
    char *hash = pin_hash(&pepper, "2580", NULL);
    char *again = pin_hash(&pepper, "2580", NULL);
    g_assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
    g_assert_cmpstr(hash, !=, again);
    g_assert_cmpint(pin_verify(&pepper, hash, "2580", NULL), ==, 1);
    g_assert_cmpint(pin_verify(&pepper, hash, "2581", NULL), ==, 0);
    g_assert_cmpint(pin_verify(&pepper, hash, "", NULL), ==, 0);
    g_assert_cmpint(pin_verify(&other, hash, "2580", NULL), ==, 0);
    g_assert_cmpint(pin_verify(&pepper, "", "2580", NULL), ==, 0);
    g_assert_cmpint(pin_verify(&pepper, "garbage", "2580", NULL), ==, 0);
    g_free(hash);
    g_free(again);
}

/* That memory did not suffice says nothing of the PIN. */
static void too_little_memory(void)
{
#ifdef __SANITIZE_ADDRESS__
    g_test_skip("the sanitizer wants all addresses");
#else
    struct pepper pepper = {{1, 2, 3}};
    struct rlimit before, little;
    long pages = 0;
    g_autofree char *hash = pin_hash(&pepper, "2580", NULL), *sizes = NULL;
    g_assert_true(g_file_get_contents("/proc/self/statm", &sizes, NULL, NULL));
    pages = strtol(sizes, NULL, 10);
    g_assert_cmpint(getrlimit(RLIMIT_AS, &before), ==, 0);
    little = (struct rlimit){(rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (4 << 20), before.rlim_max};
    for (int i = 0; i < 2; i++) {
        GError *error = NULL;
        g_assert_cmpint(setrlimit(RLIMIT_AS, &little), ==, 0);
        int right = pin_verify(&pepper, i == 0 ? hash : "", "2580", &error);
        g_assert_cmpint(setrlimit(RLIMIT_AS, &before), ==, 0);
        g_assert_cmpint(right, ==, -1);
        g_assert_cmpint(err_code(error), ==, ERR_INTERNAL);
        g_clear_error(&error);
    }
#endif
}

static void pepper_file(void)
{
    char *dir = g_dir_make_tmp("packline-XXXXXX", NULL);
    char *path = g_build_filename(dir, "below", "pepper", NULL);
    struct pepper first, second;
    GError *error = NULL;
    g_assert_false(pepper_load(path, &first, &error));
    g_assert_error(error, ERR, (int)ERR_PEPPER);
    g_clear_error(&error);
    g_assert_true(pepper_create(path, &error));
    g_assert_true(pepper_load(path, &first, &error));
    g_assert_true(pepper_create(path, &error));
    g_assert_true(pepper_load(path, &second, &error));
    g_assert_no_error(error);
    g_assert_cmpint(memcmp(first.key, second.key, PEPPER_BYTES), ==, 0);
    GStatBuf info;
    g_stat(path, &info);
    g_assert_cmpint(info.st_mode & 0777, ==, 0400);
    g_chmod(path, 0444);
    g_assert_false(pepper_load(path, &first, &error));
    g_clear_error(&error);
    g_remove(path);
    char *below = g_path_get_dirname(path);
    g_rmdir(below);
    g_rmdir(dir);
    g_free(below);
    g_free(path);
    g_free(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/people/matrix", matrix);
    g_test_add_func("/people/names", names);
    g_test_add_func("/people/pin-rules", rules);
    g_test_add_func("/people/hashes", hashes);
    g_test_add_func("/people/too-little-memory", too_little_memory);
    g_test_add_func("/people/pepper", pepper_file);
    return g_test_run();
}
