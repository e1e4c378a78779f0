/* SPDX-License-Identifier: MIT
 *
 * A network between a program and its PostgreSQL server: bytes come through as late as they would from another room.
 */
#pragma once

#include <glib.h>

struct relay;

/* Between whoever uses url and the server of server_url, which both are on sockets; url has to be freed. Bytes are on their way
 * that long in each direction. */
struct relay *relay_start(const char *server_url, const char *dir, unsigned delay_us, char **url);
void relay_stop(struct relay *relay);

/* The thread that carries the bytes, as the kernel numbers it. */
int relay_thread(struct relay *relay);
