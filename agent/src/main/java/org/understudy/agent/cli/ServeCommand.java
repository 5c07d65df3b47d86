package org.understudy.agent.cli;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.EnvironmentCommand;
import io.dropwizard.core.setup.Environment;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.agent.AgentConfiguration;

/**
 * Runs the agent until it is told to stop. Stands in for the framework's command of the same name, which meets every error
 * with a stack trace.
 */
public final class ServeCommand extends EnvironmentCommand<AgentConfiguration> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    public ServeCommand(Application<AgentConfiguration> application) {
        super(application, "server", "Runs the agent");
    }

    @Override
    protected void run(Environment environment, Namespace namespace, AgentConfiguration configuration)
            throws Exception {
        Server server = configuration.getServerFactory().build(environment);
        server.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopped(LifeCycle event) {
                cleanup();
            }
        });
        cleanupAsynchronously();
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw e;
        }
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.debug("stopping a server that could not start", e);
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable e) {
        LOG.debug("not started", e);
        String file = namespace.getString("file");
        StartupErrors.explain(e, file == null ? "configuration" : file).forEach(cli.getStdErr()::println);
        cli.getStdErr().flush();
    }
}
