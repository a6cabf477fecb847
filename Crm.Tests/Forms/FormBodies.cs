// Posts a body to the reader without a server: whole, in small pieces, or piece by piece through a pipe.

using System.IO.Pipelines;
using System.Text;
using Crm.Api.Forms;
using Crm.Domain.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Crm.Tests.Forms;

static class FormBodies
{
    public const string UrlEncoded = "application/x-www-form-urlencoded";
    public const string Json = "application/json";
    public const string Multipart = "multipart/form-data; boundary=b";

    public static ValueTask<FormPost> Post(string? contentType, string body) => Post(contentType, Encoding.UTF8.GetBytes(body));

    public static ValueTask<FormPost> Post(string? contentType, byte[] body, Action<HttpRequest>? change = null)
    {
        var request = Request(contentType, PipeReader.Create(new(body)));
        change?.Invoke(request);
        return FormBody.Read(request, default);
    }

    /// <summary>Sends the body as a chunked one that arrives in these pieces, each in a read of its own.</summary>
    public static async Task<FormPost> PostInPieces(string? contentType, params byte[][] pieces)
    {
        // Small segments, so that even one read is not one piece of memory.
        var pipe = new Pipe(
            new PipeOptions(
                minimumSegmentSize: 16,
                readerScheduler: PipeScheduler.Inline,
                writerScheduler: PipeScheduler.Inline,
                pauseWriterThreshold: 0,
                useSynchronizationContext: false
            )
        );
        var reading = FormBody.Read(Request(contentType, pipe.Reader), default).AsTask();
        foreach (var piece in pieces)
            await pipe.Writer.WriteAsync(piece);
        await pipe.Writer.CompleteAsync();
        return await reading;
    }

    public static HttpRequest Request(string? contentType, PipeReader body)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new BodyPipe(body));
        context.Request.Method = "POST";
        if (contentType is not null)
            context.Request.ContentType = contentType;
        return context.Request;
    }

    /// <summary>A multipart body with boundary b from the text of its parts: headers, empty line and content.</summary>
    public static string Parts(params string[] parts) => string.Concat(parts.Select(p => $"--b\r\n{p}\r\n")) + "--b--\r\n";

    public static string Part(string name, string value) => $"Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}";

    /// <summary>The fields in one line: <c>name=value|value&amp;name=...</c>.</summary>
    public static string Flat(this FormPost post) => string.Join('&', post.Fields.Select(f => $"{f.Name}={string.Join('|', f.Values)}"));

    public static void ShouldRead(this FormPost post, string fields)
    {
        post.Problem.Should().BeNull();
        post.Raw.Length.Should().Be(0);
        post.Flat().Should().Be(fields);
    }

    public static void ShouldFail(this FormPost post, string code, string? field = null)
    {
        post.Problem.Should().NotBeNull("{0} was expected, and these fields were read: {1}", code, post.Flat());
        post.Problem!.Code.Should().Be(code);
        post.Problem.Field.Should().Be(field);
        post.Problem.Message.Should().EndWith(".").And.NotContain("\n");
    }

    /// <summary>Read to its end, with this left out: <c>code</c> or <c>field:code</c>, separated by spaces.</summary>
    public static void ShouldNote(this FormPost post, string fields, string notes)
    {
        post.ShouldRead(fields);
        post.Noted().Should().Be(notes);
    }

    public static string Noted(this FormPost post) =>
        string.Join(' ', post.Notes.Select(n => n.Field.Length == 0 ? n.Code : $"{n.Field}:{n.Code}"));

    /// <summary>With this problem, or with none for null.</summary>
    public static void ShouldEnd(this FormPost post, string? code) => (post.Problem?.Code).Should().Be(code);

    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    sealed class BodyPipe(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
