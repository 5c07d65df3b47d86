package org.understudy.agent;

import io.dropwizard.lifecycle.Managed;

/** Closes something when the server stops. */
record Closing(AutoCloseable resource) implements Managed {

    @Override
    public void stop() throws Exception {
        resource.close();
    }
}
