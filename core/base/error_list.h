/* SPDX-License-Identifier: MIT
 *
 * The one table of errors. A row: id, stable number (shown as PL-0340), exit code of a command that ends
 * with it, what happened, what to do. {1} {2} ... are arguments, always text; see err_set().
 * Numbers are never reused: staff read them over the phone. Each section owns a block of a hundred.
 * Include it with E(id, number, exit, text, hint) defined; see error.h.
 */

/* --- 0100 base: usage, settings, files ----------------------------------------------------------- */
E(ERR_USAGE, 100, EXIT_USAGE, N_("{1}"), N_("See packline help."))
E(ERR_FILE_READ, 101, EXIT_DATA, N_("Can't read {1}: {2}"), N_("Check the path and its permissions."))
E(ERR_FILE_WRITE, 102, EXIT_DATA, N_("Can't write {1}: {2}"), N_("Check the path, its permissions and the disk."))
E(ERR_SETTING_UNKNOWN, 103, EXIT_USAGE, N_("There is no setting {1}."), N_("packline settings lists them."))
E(ERR_SETTING_VALUE, 104, EXIT_USAGE, N_("Setting {1} can't be {2}."), N_("It takes {3}."))
E(ERR_INTERNAL, 199, EXIT_DATABASE, N_("Internal error: {1}"), N_("Note the number and tell your administrator."))

/* --- 0200 database ------------------------------------------------------------------------------- */
E(ERR_DB_URL, 200, EXIT_USAGE, N_("{1} is not a database address."), N_("Use sqlite:PATH or postgresql://HOST/NAME."))
E(ERR_DB_URL_PASSWORD, 201, EXIT_USAGE, N_("The database address holds a password."), N_("Put it in ~/.pgpass or a service file."))
E(ERR_DB_OPEN, 202, EXIT_DATABASE, N_("Can't open the database: {1}"), N_("Check the path or the server."))
E(ERR_DB_MISSING, 203, EXIT_DATABASE, N_("There is no database at {1}."), N_("Make one with packline init."))
E(ERR_DB_SQL, 204, EXIT_DATABASE, N_("The database refused {1}: {2}"), N_("Note the number and tell your administrator."))
E(ERR_DB_BUSY, 205, EXIT_DATABASE, N_("The database is busy."), N_("Try again; if it stays busy, end other programs that use it."))
E(ERR_DB_LOST, 206, EXIT_DATABASE, N_("The connection to the database is lost: {1}"), N_("The outcome is asked for when it is back."))
E(ERR_DB_SERIALIZE, 207, EXIT_DATABASE, N_("Another station changed the same rows."), N_("Try again."))
E(ERR_DB_CONSTRAINT, 208, EXIT_DATABASE, N_("The database's own rules refused it: {1}"), N_("Nothing was changed."))
E(ERR_DB_SCHEMA_NEWER, 209, EXIT_DATABASE, N_("The database is of a newer version ({1}) than this program ({2})."), N_("Upgrade packline on this machine."))
E(ERR_DB_SCHEMA_OLD, 210, EXIT_DATABASE, N_("The database is of version {1}, this program needs {2}."), N_("Run packline init to bring it up to date."))
E(ERR_DB_SCHEMA_CHANGED, 211, EXIT_DATABASE, N_("Migration {1} of the database differs from this program's."), N_("Use the program that made it."))
E(ERR_DB_NETWORK_FS, 212, EXIT_DATABASE, N_("{1} is on a network file system ({2})."), N_("SQLite needs a local disk; use PostgreSQL for several hosts."))
E(ERR_DB_NOT_FULL, 213, EXIT_DATABASE, N_("The database does not keep synchronous=FULL."), N_("Nothing is safe without it; check the SQLite build."))
E(ERR_DB_FULL, 214, EXIT_DATABASE, N_("The disk is full or read-only: {1}"), N_("Free space; nothing acknowledged is lost."))
E(ERR_DB_NOT_A_FLOOR, 215, EXIT_DATABASE, N_("{1} is not a packline database."), N_("Check the path."))

/* --- 0300 floor: what a scan or a command is answered with ---------------------------------------- */
E(ERR_SCAN_UNKNOWN, 300, EXIT_REFUSED, N_("Unknown code {1}"), N_("Scan an order, batch, tote, product or waybill."))

/* --- 0400 goods: products, stock, reservations ---------------------------------------------------- */
E(ERR_PRODUCT_UNKNOWN, 400, EXIT_DATA, N_("There is no product {1}."), N_("Import it with packline import products."))

/* --- 0500 intake: shop files ----------------------------------------------------------------------- */
E(ERR_IMPORT_FORMAT, 500, EXIT_DATA, N_("{1} does not look like a {2} file."), N_("Missing: {3}. Choose the shop with --shop."))

/* --- 0600 waybills, couriers, number ranges --------------------------------------------------------- */
E(ERR_COURIER_UNKNOWN, 600, EXIT_DATA, N_("There is no courier {1}."), N_("packline couriers lists them."))
E(ERR_COURIER_FILE, 601, EXIT_DATA, N_("Courier file {1}, {2}: {3} is not right."), N_("Correct that key; the other couriers' files show how."))
E(ERR_NUMBER_FORM, 602, EXIT_DATA, N_("{1} is not a number of {2}."), N_("Scan or type the waybill number again."))
E(ERR_NUMBER_CHECK, 603, EXIT_DATA, N_("{1} has a wrong check digit for {2}."), N_("Scan or type the waybill number again."))
E(ERR_NUMBER_MAKE, 604, EXIT_DATA, N_("{1} can't have the number {2} made for it."), N_("Correct the number range or the courier's file."))

/* --- 0700 printing: labels, printers, jobs, runs ---------------------------------------------------- */
E(ERR_PRINTER_UNKNOWN, 700, EXIT_DATA, N_("There is no printer {1}."), N_("packline printers lists them."))

/* --- 0800 people: badges, PINs, roles ---------------------------------------------------------------- */
E(ERR_LOGIN, 800, EXIT_REFUSED, N_("Badge or PIN is wrong."), N_("Try again, or ask a lead."))

/* --- 0900 terminal -------------------------------------------------------------------------------------- */
E(ERR_TERMINAL, 900, EXIT_USAGE, N_("This needs a terminal."), N_("Run it in a terminal, or use packline station --headless."))
