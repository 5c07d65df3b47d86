package org.understudy.probes.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.core.exceptions.TimeoutException;
import org.apache.james.jspf.impl.SPF;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.SpfCheck;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** SPF by the resolver of the settings; the evaluation is that of Apache James. Thread-safe. */
public final class SpfEvaluation implements SpfCheck {
    private final SPF spf;

    public SpfEvaluation(DnsSettings settings) {
        this.spf = new SPF(new Resolver(new DnsClient(settings)));
    }

    @Override
    public Result check(InetAddress client, Mailbox sender, String heloName) {
        String result = spf.checkSPF(client.getHostAddress(), sender.toString(), heloName)
                .getResult()
                .toUpperCase(Locale.ROOT);
        for (Result known : Result.values()) {
            if (known.name().equals(result)) {
                return known;
            }
        }
        return Result.TEMPERROR;
    }

    /** Records as the evaluation wants them: text, and null where there are none. */
    private static final class Resolver implements DNSService {
        /** RFC 7208 section 4.6.4 */
        private static final int MOST_NAMES = 10;

        private final DnsClient client;

        Resolver(DnsClient client) {
            this.client = client;
        }

        @Override
        public @Nullable List<String> getRecords(DNSRequest request) throws TimeoutException {
            DomainName name;
            try {
                name = DomainName.parse(request.getHostname());
            } catch (IllegalArgumentException e) {
                return null;
            }
            DnsAnswer answer = client.askResolver(name, type(request));
            if (!answer.isConclusive()) {
                throw new TimeoutException(answer.detail());
            }
            List<String> texts = new ArrayList<>();
            answer.records().forEach(r -> add(r, texts));
            return texts.isEmpty() ? null : texts;
        }

        private static int type(DNSRequest request) {
            return switch (request.getRecordType()) {
                case DNSRequest.A -> Type.A;
                case DNSRequest.AAAA -> Type.AAAA;
                case DNSRequest.MX -> Type.MX;
                case DNSRequest.PTR -> Type.PTR;
                // RFC 7208 section 3.1: no other type than TXT has the policy.
                default -> Type.TXT;
            };
        }

        private static void add(Record record, List<String> texts) {
            if (record instanceof ARecord a) {
                texts.add(a.getAddress().getHostAddress());
            } else if (record instanceof AAAARecord aaaa) {
                texts.add(aaaa.getAddress().getHostAddress());
            } else if (record instanceof MXRecord mx) {
                texts.add(mx.getTarget().toString(true));
            } else if (record instanceof PTRRecord ptr) {
                texts.add(ptr.getTarget().toString(true));
            } else if (record instanceof TXTRecord txt) {
                // RFC 7208 section 3.3: strings are joined without a space.
                texts.add(String.join("", txt.getStrings()));
            }
        }

        @Override
        public CompletionStage<@Nullable List<String>> getRecordsAsync(DNSRequest request) {
            try {
                return CompletableFuture.completedFuture(getRecords(request));
            } catch (TimeoutException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public List<String> getLocalDomainNames() {
            return List.of();
        }

        @Override
        public void setTimeOut(int seconds) {
            // The settings say how long a question may take.
        }

        @Override
        public int getRecordLimit() {
            return MOST_NAMES;
        }

        @Override
        public void setRecordLimit(int limit) {
            // As the standard has it.
        }
    }
}
