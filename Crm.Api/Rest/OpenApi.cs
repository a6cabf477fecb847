// Placeholder
namespace Crm.Api.Rest;
public static class OpenApi { public static void Configure(WebApplicationBuilder b) { } public static void Map(WebApplication app) { } }
