// nginx before several nodes, with the configuration of docs/running.md.

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

    public static async Task<Nginx> Start(IEnumerable<int> ports)
    {
        var folder = Directory.CreateTempSubdirectory("crm-nginx-").FullName;
        var port = PostgresCluster.FreePort();
        var servers = string.Concat(ports.Select(node => $"        server 127.0.0.1:{node} max_fails=1 fail_timeout=1s;\n"));
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(servers, port, folder));
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
            catch (HttpRequestException) when (attempt < 100 && !process.HasExited)
            {
                await Task.Delay(50);
            }
    }

    /// <summary>A POST that may have been taken is not sent to another node: the caller repeats it with its key.</summary>
    static string Configuration(string servers, int port, string folder) =>
        $$"""
            worker_processes 1;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
                upstream crm {
            {{servers}}        keepalive 64;
                }
                server {
                    listen 127.0.0.1:{{port}};
                    client_max_body_size 12m;
                    location / {
                        proxy_pass http://crm;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                        proxy_set_header X-Forwarded-For $remote_addr;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_connect_timeout 1s;
                        proxy_read_timeout 10s;
                        proxy_next_upstream error timeout;
                        proxy_next_upstream_tries 2;
                        proxy_intercept_errors off;
                        error_page 502 504 = @away;
                    }
                    location @away {
                        internal;
                        default_type application/problem+json;
                        add_header Retry-After 1 always;
                        return 503 '{"code":"store_unavailable","title":"No node answered","status":503}';
                    }
                }
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
