package io.pigeonhole.local.s3;

import java.util.function.Consumer;

/** The bean through which the server's filter reaches who started it. */
interface CreationListener extends Consumer<ObjectCreated> {}
