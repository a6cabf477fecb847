// The fourth newcomer: an operator who makes a service of it by docs/running.md, on a machine that is all theirs: namespaces of mounts,
// processes and network, in which everything of the page is done as it stands there, absolute paths and ports included.

using System.Text.Json.Nodes;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Newcomers;

public sealed class OperatorTests(ITestOutputHelper output)
{
    const string Page = "docs/running.md";

    /// <summary>Folders that the operator writes to are the machine's with a layer above that goes with the namespace.</summary>
    const string Machine = """
        set -e
        mount --make-rprivate /
        mount -t proc proc /proc
        ip link set lo up
        mount -t tmpfs tmpfs /run
        for folder in etc opt var usr/local; do
          mkdir -p /run/layers/$folder/{upper,work}
          mount -t overlay overlay -o lowerdir=/$folder,upperdir=/run/layers/$folder/upper,workdir=/run/layers/$folder/work /$folder
        done
        chmod 755 /run
        exec bash
        """;

    /// <summary>There is no systemd in a namespace: this does with a service file what the operator's commands need of it.</summary>
    const string Systemctl = """
        #!/bin/bash
        set -e
        unit=/etc/systemd/system/$2.service
        get() { sed -n "s/^$1=//p" "$unit"; }
        runs() { [ -d /proc/$1 ] && ! grep -q '^State:.Z' /proc/$1/status; }
        case "$1" in
          daemon-reload) ;;
          enable) exec "$0" start "$3" ;;
          reload) if [ -s /run/$2.pid ]; then nginx -s reload; else nginx; fi ;;
          start)
            install -d -o "$(get User)" -m "$(get StateDirectoryMode)" "/var/lib/$(get StateDirectory)"
            mapfile -t set < <(get Environment; grep '^[A-Za-z]' "$(get EnvironmentFile)")
            cd "$(get WorkingDirectory)"
            setsid env -i PATH="$PATH" HOME="$(get WorkingDirectory)" "${set[@]}" \
              setpriv --reuid="$(get User)" --regid="$(get User)" --init-groups --no-new-privs $(get ExecStart) >>/run/$2.log 2>&1 </dev/null &
            echo $! >/run/$2.pid ;;
          stop)
            pid=$(cat /run/$2.pid)
            kill -TERM $pid
            while runs $pid; do sleep 0.1; done ;;
        esac
        """;

    const string Journalctl = """
        #!/bin/bash
        tail -n "$4" "/run/$2.log"
        """;

    [NeedsNamespacesFact]
    public async Task an_operator_runs_it_behind_nginx_restores_a_backup_and_upgrades()
    {
        await using var journey = new Journey(output) { HasOwnNetwork = true };
        journey.AddProgram("systemctl", Systemctl);
        journey.AddProgram("journalctl", Journalctl);
        await File.WriteAllTextAsync(Path.Combine(journey.Folder, "machine.sh"), Machine);
        var terminal = journey.Open("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "bash", "machine.sh");
        var said = new Dictionary<string, string>();
        foreach (var block in Guide.Of(Page).Where(block => block.Language == "sh"))
        {
            // Each section is a visit of its own, in the folder of the sources.
            if (!said.ContainsKey(block.Heading))
                await terminal.Paste($"cd {journey.Folder}");
            said[block.Heading] = said.GetValueOrDefault(block.Heading) + await journey.Paste(terminal, block) + "\n";
            if (block.Text.StartsWith("install -m 644 docs/crm.service", StringComparison.Ordinal) && Needs.OnPath("systemd-analyze"))
                (await terminal.Paste("systemd-analyze verify /etc/systemd/system/crm.service || true"))
                    .Said.Should()
                    .NotContain("crm.service");
            if (block.Text.StartsWith("echo '127.0.0.1", StringComparison.Ordinal))
                await LookThroughNginx(terminal);
        }
        said["Publish"].Should().MatchRegex(@"\d+\.\d+\.\d+");
        said["Run it as a service"].Should().Contain("ready").And.Contain("is running at");
        said["nginx, TLS, WebSocket, Server-Sent Events"].Should().Contain("successful").And.Contain("\"name\":\"Contact\"");
        said["Logs and metrics"].Should().Contain("alive\nversion: ");
        said["Backups, and a drill"].Should().Contain("is restored to").And.MatchRegex("(?m)^\\d\\d+$", "the copy has lines");
        said["Upgrades"].Should().Contain("ready");
        // What came before the restore and the upgrade is there, and the key is the same.
        (await terminal.Paste("curl -fsS -H \"Authorization: Bearer $KEY\" 'https://crm.example.org/v1/leads?q=otilia'"))
            .Said.Should()
            .Contain("otilia@silva.example.org");
        // The alarms that the page names are metrics that there are.
        var metrics = (await terminal.Paste("curl -fsS http://127.0.0.1:5081/metrics")).Said;
        foreach (var name in new[] { "crm_backup_age", "crm_store_short" })
            metrics.Should().MatchRegex($"(?m)^{name}[^ ]* ");
        // Nobody is there: nginx says so in the API's words.
        (await terminal.Paste("systemctl stop crm; curl -si https://crm.example.org/v1/leads"))
            .Said.Should()
            .Contain(" 503")
            .And.Contain("Retry-After: 1")
            .And.Contain("store_unavailable");
    }

    /// <summary>What the configuration promises besides plain requests: posts through the redirect, the visitor's address, WebSocket and
    /// Server-Sent Events by the clients that people use.</summary>
    async Task LookThroughNginx(Terminal terminal)
    {
        (await terminal.Paste("curl -si http://crm.example.org/v1/leads"))
            .Said.Should()
            .Contain(" 308")
            .And.Contain("ocation: https://crm.example.org/v1/leads");
        const string Post = """
            FORM=$(curl -fsS -H "Authorization: Bearer $KEY" 'https://crm.example.org/v1/forms?fields=key' | sed 's/.*"key":"\([^"]*\)".*/\1/')
            curl -fsSL -H 'Accept: application/json' -d 'name=Otilia Silva' -d 'email=otilia@silva.example.org' http://crm.example.org/f/$FORM
            """;
        (await terminal.Paste(Post)).Said.Should().Contain("\"id\":\"sub_");
        (await terminal.Paste("curl -fsS http://127.0.0.1:5081/health/ready")).Said.Should().NotContain("X-Forwarded-For");
        var (live, took, _) = await terminal.Paste(
            $"NODE_EXTRA_CA_CERTS=/etc/ssl/crm/fullchain.pem node {Npm.Folder}/graphql-live.mjs https://crm.example.org/ $KEY"
        );
        output.WriteLine($"{took.TotalSeconds, 6:0.00} s: WebSocket and Server-Sent Events through nginx");
        var heard = JsonNode.Parse(live.Trim())!;
        foreach (var client in new[] { "ws", "sse" })
            heard[client]!["received"]!.AsArray().Count.Should().Be(heard["created"]!.AsArray().Count, live);
        heard["afterReconnect"]!.GetValue<bool>().Should().BeTrue(live);
    }
}
