package org.understudy.agent.cli;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.AgentConfiguration;
import org.understudy.agent.config.VantageSection;

/** Reads a configuration file as the server would and says whether it could be used. Opens nothing and contacts nobody. */
public final class CheckCommand extends ConfiguredCommand<AgentConfiguration> {

    public CheckCommand(Application<AgentConfiguration> application) {
        super("check", "Checks a configuration file");
        this.application = application;
    }

    private final Application<AgentConfiguration> application;

    @Override
    protected Class<AgentConfiguration> getConfigurationClass() {
        return application.getConfigurationClass();
    }

    /** Without one there would be nothing to check. */
    @Override
    protected Argument addFileArgument(Subparser subparser) {
        return subparser.addArgument("file").help("the configuration file");
    }

    @Override
    protected void run(Bootstrap<AgentConfiguration> bootstrap, Namespace namespace, AgentConfiguration configuration) {
        configuration.requireCoherence();
        configuration.dns().settings();
        configuration.domains().forEach(domain -> {
            domain.mailDomain();
            domain.canary().ifPresent(canary -> canary.settings());
            domain.queues()
                    .forEach(queue -> queue.source(domain.queueScope(queue, Optional::empty), Clock.systemUTC()));
        });
        configuration.spool().settings(configuration.spoolName(), () -> {
            throw new IllegalStateException("nobody listens");
        });
        configuration.alerts().channels(Clock.systemUTC());
        configuration.vantages().forEach(VantageSection::secret);
        PrintWriter out = Terminal.output();
        out.println(
                namespace.getString("file") + ": OK, " + configuration.domains().size() + " domain(s)");
        out.flush();
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable e) {
        String file = namespace.getString("file");
        StartupErrors.explain(e, file == null ? "configuration" : file).forEach(cli.getStdErr()::println);
        cli.getStdErr().flush();
    }
}
