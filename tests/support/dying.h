/* SPDX-License-Identifier: MIT
 *
 * A program that holds every order of a floor and is killed on the way: the test itself, started again.
 *
 *     int main(int argc, char **argv)
 *     {
 *         dying_main(argc, argv);
 *         g_test_init(&argc, &argv, NULL);
 */
#pragma once

#include "tests/support/floor.h"

/* Comes back unless this is the program that is to die. */
void dying_main(int argc, char **argv);

/* kill -9 when so many orders are held, or when it has heard that all are. The floor is all that is left connected. */
void dying_holds(struct floor *floor, size_t dies_after);
