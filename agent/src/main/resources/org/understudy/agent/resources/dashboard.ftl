<#ftl output_format="HTML">
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content='{"includeIndicatorStyles": false, "allowEval": false}'>
<title><#list domains as d>${d.verdict()} ${d.domain()}<#sep>, </#sep></#list> · Understudy</title>
<link rel="stylesheet" href="/assets/dashboard.css">
<link rel="icon" href="data:,">
<noscript><meta http-equiv="refresh" content="10"></noscript>
<script src="/assets/htmx.js" defer></script>
</head>
<body>
<header><h1>Understudy</h1><p>If the primary mail server died now, would the mail survive?</p></header>
<main id="now" hx-get="/now${query}" hx-trigger="every 5s" hx-swap="innerHTML">
<#include "now.ftl">
</main>
<footer><a href="/api/v1/status">status as JSON</a></footer>
</body>
</html>
