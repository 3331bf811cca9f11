/** The tools of the package crewai_tools 1.15. */
export const CREWAI_TOOLS: readonly string[] = `
AIMindTool ApifyActorsTool ArxivPaperTool AzureDocumentDBVectorSearchTool BedrockInvokeAgentTool BedrockKBRetrieverTool
BraveImageSearchTool BraveLLMContextTool BraveLocalPOIsDescriptionTool BraveLocalPOIsTool BraveNewsSearchTool BraveSearchTool
BraveVideoSearchTool BraveWebSearchTool BrightDataDatasetTool BrightDataSearchTool BrightDataWebUnlockerTool
BrowserbaseLoadTool CSVSearchTool CodeDocsSearchTool ComposioTool ContextualAICreateAgentTool ContextualAIParseTool
ContextualAIQueryTool ContextualAIRerankTool CouchbaseFTSVectorSearchTool DB2VectorSearchTool DOCXSearchTool DallETool
DatabricksQueryTool DaytonaExecTool DaytonaFileTool DaytonaPythonTool DirectoryReadTool DirectorySearchTool E2BExecTool
E2BFileTool E2BPythonTool EXASearchTool EnterpriseActionTool ExaSearchTool FileCompressorTool FileReadTool FileWriterTool
FirecrawlCrawlWebsiteTool FirecrawlScrapeWebsiteTool FirecrawlSearchTool GenerateCrewaiAutomationTool GithubSearchTool
HyperbrowserLoadTool InvokeCrewAIAutomationTool JSONSearchTool JinaScrapeWebsiteTool LinkupSearchTool LlamaIndexTool
MDXSearchTool MergeAgentHandlerTool MongoDBVectorSearchTool MultiOnTool MySQLSearchTool NL2SQLTool OCRTool
OracleVectorSearchTool OxylabsAmazonProductScraperTool OxylabsAmazonSearchScraperTool OxylabsGoogleSearchScraperTool
OxylabsUniversalScraperTool PDFSearchTool ParallelSearchTool PatronusEvalTool PatronusLocalEvaluatorTool
PatronusPredefinedCriteriaEvalTool QdrantVectorSearchTool RagTool S3ReaderTool S3WriterTool ScrapeElementFromWebsiteTool
ScrapeWebsiteTool ScrapegraphScrapeTool ScrapflyScrapeWebsiteTool SeleniumScrapingTool SerpApiGoogleSearchTool
SerpApiGoogleShoppingTool SerperDevTool SerperScrapeWebsiteTool SerplyJobSearchTool SerplyNewsSearchTool
SerplyScholarSearchTool SerplyWebSearchTool SerplyWebpageToMarkdownTool SingleStoreSearchTool SnowflakeSearchTool SpiderTool
StagehandTool TXTSearchTool TavilyExtractorTool TavilyGetResearchTool TavilyResearchTool TavilySearchTool URLReadTool
VisionTool WaitTool WeaviateVectorSearchTool WebsiteSearchTool XMLSearchTool YoutubeChannelSearchTool
YoutubeVideoSearchTool ZapierActionTool
`
  .trim()
  .split(/\s+/)

/**
 * The class of CrewAI's that a name in `tools:` means: `SerperDevTool`, `SerperDev` and `serper_dev` are the same.
 * Undefined: none.
 */
export function crewaiTool(name: string): string | undefined {
  const words = name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return [name, `${name}Tool`, `${words.join('')}Tool`].find((one) => CREWAI_TOOLS.includes(one))
}

/**
 * Tools of ours that do what one of CrewAI's does, by its class: `import` names them where a project has CrewAI's. A row
 * for each tool that is built in; none is yet.
 */
const OURS: ReadonlyMap<string, string> = new Map<string, string>()

/** The name in `tools:` of the tool of ours that does the same; undefined: there is none. */
export function builtInFor(crewaiClass: string): string | undefined {
  return OURS.get(crewaiClass)
}
