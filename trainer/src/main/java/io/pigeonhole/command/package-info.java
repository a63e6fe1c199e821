/** What all commands of the program have: errors, exit codes, JSON, the terminal. */
package io.pigeonhole.command;
