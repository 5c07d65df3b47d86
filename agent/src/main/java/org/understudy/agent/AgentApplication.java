package org.understudy.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.views.common.ViewBundle;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.agent.cli.AuditCommand;
import org.understudy.agent.cli.CheckCommand;
import org.understudy.agent.cli.CommandEnded;
import org.understudy.agent.cli.InitCommand;
import org.understudy.agent.cli.PrimaryConfigCommand;
import org.understudy.agent.cli.ServeCommand;
import org.understudy.agent.cli.SpoolCommand;
import org.understudy.agent.config.ConfigurationText;
import org.understudy.agent.config.EnvironmentSubstitution;
import org.understudy.agent.lab.Lab;
import org.understudy.agent.lab.LabResource;
import org.understudy.agent.resources.DashboardResource;
import org.understudy.agent.resources.HealthResource;
import org.understudy.agent.resources.PushedResultResource;
import org.understudy.agent.resources.RecipientResource;
import org.understudy.agent.resources.SpoolResource;
import org.understudy.agent.resources.StatusResource;
import org.understudy.agent.resources.Watches;
import org.understudy.agent.storage.ResultJson;
import org.understudy.agent.storage.SqliteFiles;
import org.understudy.agent.tls.ServerCertificate;

/** The program. {@code understudy server config.yml} runs the agent, {@code understudy check config.yml} reads a configuration. */
public final class AgentApplication extends Application<AgentConfiguration> {
    private static final int WRONG_ARGUMENTS = 2;
    /** Libraries that tell with stack traces what a probe says in a sentence; the shipped configuration silences them as well. */
    private static final List<String> TALKATIVE = List.of("org.xbill.DNS.dnssec", "org.apache.james.jspf");

    private Supplier<Optional<ConfigurationText>> configurationText = Optional::empty;

    public static void main(String... arguments) throws Exception {
        new AgentApplication().run(arguments);
    }

    @Override
    public String getName() {
        return "understudy";
    }

    /** Until a configuration says otherwise, what is logged goes to standard error: standard output is a command's answer. */
    @Override
    protected void bootstrapLogging() {
        super.bootstrapLogging();
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().forEachRemaining(appender -> {
                if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
                    console.stop();
                    console.setTarget("System.err");
                    console.start();
                }
            });
            TALKATIVE.forEach(library -> context.getLogger(library).setLevel(Level.OFF));
        }
    }

    @Override
    protected void addDefaultCommands(Bootstrap<AgentConfiguration> bootstrap) {
        bootstrap.addCommand(new ServeCommand(this));
        bootstrap.addCommand(new CheckCommand(this));
        bootstrap.addCommand(new SpoolCommand(Clock.systemUTC()));
        bootstrap.addCommand(new PrimaryConfigCommand());
        bootstrap.addCommand(new AuditCommand(Clock.systemUTC()));
        bootstrap.addCommand(new InitCommand());
    }

    /** Ends the process: with 2 if the arguments were wrong, as programs do, and with what a command asks for. */
    @Override
    protected void onFatalError(Throwable t) {
        if (t instanceof CommandEnded ended) {
            System.exit(ended.exitCode());
        }
        System.exit(t instanceof ArgumentParserException ? WRONG_ARGUMENTS : 1);
    }

    @Override
    public void initialize(Bootstrap<AgentConfiguration> bootstrap) {
        EnvironmentSubstitution source =
                new EnvironmentSubstitution(bootstrap.getConfigurationSourceProvider(), System::getenv);
        configurationText = source::read;
        bootstrap.setConfigurationSourceProvider(source);
        bootstrap.addBundle(new ViewBundle<>());
        ResultJson.configure(bootstrap.getObjectMapper());
        bootstrap.getObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_ABSENT);
    }

    @Override
    public void run(AgentConfiguration configuration, Environment environment) throws Exception {
        configuration.requireCoherence();
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            LogGathering.install(context);
        }
        Clock clock = Clock.systemUTC();
        if (configuration.lab().enabled()) {
            Lab lab = Lab.start(configuration.lab(), clock, Optional.of(labCertificate(configuration)));
            environment.lifecycle().manage(new Closing(lab));
            environment.jersey().register(new LabResource(lab));
        }
        PrometheusRegistry registry = new PrometheusRegistry();
        JvmMetrics.builder().register(registry);
        Agent agent = new Agent(configuration, configurationText.get(), registry, clock);
        environment.lifecycle().manage(agent);
        environment.lifecycle().addEventListener(agent.stopListener());
        agent.healthChecks().forEach(environment.healthChecks()::register);
        environment
                .admin()
                .addServlet("prometheus", new PrometheusMetricsServlet(registry))
                .addMapping("/metrics");

        Watches watches = new Watches(agent.watches());
        environment
                .jersey()
                .register(
                        new StatusResource(version(), watches, agent.alerts(), agent.canaries(), agent.spool(), clock));
        agent.spool().ifPresent(spool -> environment.jersey().register(new SpoolResource(spool.operations(), clock)));
        agent.spool().ifPresent(spool -> environment.jersey().register(new RecipientResource(spool)));
        environment.jersey().register(new PushedResultResource(agent.vantages()));
        environment.jersey().register(new HealthResource(watches));
        environment.jersey().register(new DashboardResource(watches, agent.alerts(), agent.spool(), clock));
    }

    private static SSLContext labCertificate(AgentConfiguration configuration) {
        Path directory = configuration.agent().dataDirectory();
        SqliteFiles.createDirectory(directory);
        return ServerCertificate.selfSigned(
                directory.resolve("lab-certificate.p12"), configuration.lab().primaryHostName());
    }

    private static String version() {
        return Optional.ofNullable(AgentApplication.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
