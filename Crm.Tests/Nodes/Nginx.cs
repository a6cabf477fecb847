// nginx before several nodes, with the configuration of docs/nginx.conf.

using System.Diagnostics;
using Crm.Tests.Stores;

namespace Crm.Tests.Nodes;

public sealed class Nginx : IAsyncDisposable
{
    readonly Process process;
    readonly string folder;

    Nginx(Process process, string folder, int port) =>
        (this.process, this.folder, Address) = (process, folder, new($"http://127.0.0.1:{port}"));

    public Uri Address { get; }

    /// <summary>Before these nodes, with docs/nginx.conf, of which only what is the operator's to change is changed: the nodes, and a port
    /// without TLS, since 443 is not every test's. As it stands there it is run in Crm.Tests/Newcomers/OperatorTests.cs.</summary>
    public static async Task<Nginx> Start(IEnumerable<int> ports)
    {
        var port = PostgresCluster.FreePort();
        var site = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "nginx.conf"));
        var node = "    server 127.0.0.1:5080 max_fails=1 fail_timeout=1s;\n";
        site = Changed(site, node, string.Concat(ports.Select(one => node.Replace("5080", $"{one}", StringComparison.Ordinal))));
        site = Changed(site, "listen 80;", $"listen 127.0.0.1:{PostgresCluster.FreePort()};");
        site = Changed(site, "listen 443 ssl;", $"listen 127.0.0.1:{port};");
        site = Changed(site, "    ssl_certificate     /etc/ssl/crm/fullchain.pem;\n", "");
        site = Changed(site, "    ssl_certificate_key /etc/ssl/crm/privkey.pem;\n", "");
        return await StartWith(site, port);
    }

    public static string Changed(string text, string part, string by)
    {
        text.Should().Contain(part);
        return text.Replace(part, by, StringComparison.Ordinal);
    }

    /// <param name="site">What stands in a file of /etc/nginx/conf.d.</param>
    /// <param name="port">At which it listens.</param>
    public static async Task<Nginx> StartWith(string site, int port)
    {
        var folder = Directory.CreateTempSubdirectory("crm-nginx-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "site.conf"), site);
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Around(folder));
        var process = Process.Start(
            new ProcessStartInfo("nginx", ["-p", folder, "-c", Path.Combine(folder, "nginx.conf"), "-g", "daemon off;"])
            {
                RedirectStandardError = true,
            }
        )!;
        var nginx = new Nginx(process, folder, port);
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
            try
            {
                await http.GetAsync(new Uri(nginx.Address, "/health/live"));
                return nginx;
            }
            catch (HttpRequestException) when (attempt < 600 && !process.HasExited)
            {
                await Task.Delay(50);
            }
    }

    /// <summary>What a distribution's own nginx.conf is, for a user without rights.</summary>
    static string Around(string folder) =>
        $$"""
            worker_processes 1;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
                include {{folder}}/site.conf;
            }
            """;

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
