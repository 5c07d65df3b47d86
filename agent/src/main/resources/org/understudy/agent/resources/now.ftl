<#ftl output_format="HTML">
<#list domains as d>
<section class="domain" aria-labelledby="d-${d.domain()}">
  <h2 id="d-${d.domain()}"><span class="verdict ${d.verdict()?lower_case}">${d.verdict()?replace("_", " ")}</span> ${d.domain()}</h2>
  <p class="sentence">${d.sentence()}</p>
  <#list d.exchangers() as e>
  <ol class="path" aria-label="The way of mail through ${e.host()}">
    <li>senders</li>
    <li class="node ${e.proved()?then("proved", "unproved")}"><b>${e.host()}</b><small>tier ${e.tier()} · ${e.role()?lower_case}</small></li>
    <#if e.role() == "BACKUP"><li class="node ${e.proved()?then("proved", "unproved")}"><b>primary</b><small>final delivery</small></li></#if>
    <li>mailbox</li>
    <li class="quiet"><#if e.proved()>proved by a canary ${ago(e.confirmedCanary().get().seenAt().get())}<#else>no fresh proof</#if></li>
  </ol>
  </#list>
  <h3>Evidence</h3>
  <table>
    <thead><tr><th scope="col">What</th><th scope="col">Counts</th><th scope="col">Observed</th><th scope="col">When</th></tr></thead>
    <tbody>
    <#list d.evidence() as e>
    <tr class="${e.weight()?lower_case}"><th scope="row">${e.title()}</th><td><span class="weight ${e.weight()?lower_case}">${e.weight()?lower_case}</span></td><td>${e.text()}</td><td><#if e.at().isPresent()><time datetime="${e.at().get()}" title="${utc(e.at().get())}">${ago(e.at().get())}</time></#if></td></tr>
    </#list>
    </tbody>
  </table>
  <#if query?has_content>
  <#list d.comparisons() as c>
  <h3>${c.backup()} beside the primary</h3>
  <table>
    <thead><tr><th scope="col">What</th><th scope="col">Answers</th></tr></thead>
    <tbody>
    <#list c.lines() as l>
    <tr><th scope="row">${l.what()}</th><td>${l.answers()}</td></tr>
    </#list>
    </tbody>
  </table>
  </#list>
  </#if>
</section>
</#list>
<section aria-labelledby="alerts-title">
  <h2 id="alerts-title">Alerts</h2>
  <#if alerts?size == 0><p class="quiet">None.</p><#else>
  <table>
    <thead><tr><th scope="col">State</th><th scope="col">Severity</th><th scope="col">What</th><th scope="col">Since</th></tr></thead>
    <tbody>
    <#list alerts as a>
    <tr><td>${a.state()?lower_case}</td><td><span class="severity ${a.severity()?lower_case}">${a.severity()?lower_case}</span></td><td><b>${a.signal().title()}</b><br>${a.signal().summary()}<br><small>${a.signal().instruction()}</small></td><td><time datetime="${a.since()}" title="${utc(a.since())}">${ago(a.since())}</time></td></tr>
    </#list>
    </tbody>
  </table>
  </#if>
  <p class="quiet">Channels: <#list channels as c>${c.name()} (${c.kind()}) <#if c.healthy()>works<#else><b>fails: ${c.lastError()}</b></#if><#if (c.pending() > 0)>, ${c.pending()} waiting</#if><#sep> · </#sep><#else>none configured</#list></p>
</section>
<#list spools as s>
<section aria-labelledby="spool-title">
  <h2 id="spool-title">Spool</h2>
  <table>
    <thead><tr><th scope="col">Next hop</th><th scope="col">State</th><th scope="col">Since</th><th scope="col">Handed on</th><th scope="col">Replies lost</th><th scope="col">Last trouble</th></tr></thead>
    <tbody>
    <#list s.lanes() as l>
    <tr><th scope="row">${l.nextHop()}</th><td><span class="weight ${(l.state() == "UP")?then("for", "against")}">${l.state()?lower_case}</span></td><td><time datetime="${l.since()}" title="${utc(l.since())}">${ago(l.since())}</time></td><td>${l.forwarded()}</td><td>${l.ambiguous()}</td><td>${l.lastError().orElse("")}</td></tr>
    </#list>
    </tbody>
  </table>
  <p class="quiet">${s.counts().queued()} queued (${s.counts().bytes()} octets), ${s.counts().quarantined()} set aside, ${s.counts().accepted()} accepted and ${s.counts().forwarded()} handed on ever<#if s.counts().oldestArrival().isPresent()>; the oldest came ${ago(s.counts().oldestArrival().get())}</#if>. <#if s.store().accepting()>Takes mail.<#else><b>Takes no mail: ${s.store().detail()}</b></#if></p>
</section>
</#list>
<p class="quiet">As of ${now}</p>
